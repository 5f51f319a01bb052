#pragma once

#include <string>

#include "heddle/carry/tube.hpp"

namespace heddle {

/// How fast two neighbouring trajectories approach each other along one stretch, step by step.
struct TrajectoryContraction {
    std::string norm;   ///< "l1", "linf", "l2" or "ellipsoid".
    std::string where;  ///< "preparation" or "motif".
    Vector rate;        ///< (1 − ‖J_t‖) / h, 1/s, (T,): above 0, step t contracts. As h → 0 minus
                        ///< the matrix measure μ(A), A = (−1 + M diag(φ'(x))) / τ.
    double margin;      ///< The least of these, 1/s: above 0, the stretch contracts at every step.
    double growth;      ///< Π ‖J_t‖: what is left of a small deviation at the end, at most.
    double limit;    ///< (1 − ρ(J̄)) / h, 1/s, J̄ the mean of the J_t: as ρ(J̄) ≤ mean ‖J_t‖, no norm
                     ///< has a larger margin.
    Vector weights;  ///< η of l1, Σ η_i |x_i|, and linf, max |x_i| / η_i; else empty, (n,).
    Matrix metric;   ///< P of the ellipsoid, √(xᵀ P x); else empty, (n, n).
    std::string statement;
};

/// Contraction along the planned trajectory of a motif or of its preparation, in one norm for the
/// whole stretch: with weights of the Perron root of |M| diag(max φ'), or P of the Lyapunov
/// equation (A − σ)ᵀ P + P (A − σ) = −1 at the mean slopes, σ the best of a few. The design places
/// modes near Re λ = 1, where no norm contracts fast: `limit` says so, and what remains is
/// `growth`.
///
/// \throws DomainError for another norm; naming the argument.
/// \cost 6 n³ a step in l2 and the ellipsoid, 3 n² in l1 and linf.
/// \see Davydov, Proskurnikov & Bullo (2022), arXiv 2110.08298, for matrix measures of networks.
[[nodiscard]] TrajectoryContraction trajectory_contraction(const CarriedLibrary& carried,
                                                           std::size_t motif,
                                                           const std::string& norm = "ellipsoid",
                                                           bool preparation = false,
                                                           const Arrival& arrival = {});

}  // namespace heddle
