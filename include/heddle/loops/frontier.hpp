#pragma once

#include <cstdint>
#include <vector>

#include "heddle/core/parallel.hpp"
#include "heddle/network/network.hpp"
#include "heddle/spectrum/gain_law.hpp"
#include "heddle/spectrum/weights_resolvent.hpp"

namespace heddle {

struct FrontierOptions {
    Index most_loops = 16;    ///< k = 1 … most_loops.
    double tolerance = 1e-8;  ///< Shift of a target above which k loops do not suffice.
    double eta = 2.2e-16;     ///< Relative noise of every weight; 2.2e-16: rounding alone.
    std::uint64_t seed = 0;   ///< Of the loop outputs U ~ N(0, 1/n), those of `place_eigenvalues`.
    std::size_t threads = 0;  ///< 0: one per core.
    WeightsSolver solver = WeightsSolver::automatic;  ///< As of `place_eigenvalues`.
};

/// What k loops can do, expected and achieved.
struct FrontierPoint {
    Index loops;           ///< k.
    double law_gain;       ///< ‖U Vᵀ‖_F by `expected_placement`: iid weights with W's bulk.
    Vector law_condition;  ///< κ_i by the same law, shape (m,).
    Vector law_shift;      ///< Their `noise_shift`, shape (m,).
    double response_gain;  ///< ‖U Vᵀ‖_F by W's own responses to other loops: a mean over draws.
    double response_gain_deviation;  ///< Its standard deviation over them; NaN for one alone.
    double gain;                     ///< ‖U Vᵀ‖_F of the loops that were designed.
    Vector condition;                ///< Their κ_i, shape (m,).
    Vector error;   ///< Distance of each target to the closed network's eigenvalue, to first order.
    Vector shift;   ///< `noise_shift` of the designed loops, shape (m,).
    bool suffices;  ///< Whether every error and every shift is within the tolerance.
};

/// How gain, condition and shift of the placed eigenvalues fall with the number of loops.
struct Frontier {
    ComplexVector targets;
    Bulk bulk;
    double tolerance;
    double eta;
    std::vector<FrontierPoint> points;
    Index enough;         ///< Fewest loops from which on all suffice; 0 if none do.
    Index enough_by_law;  ///< The same by the law alone; 0 if none.
};

/// Places the targets with every k up to `most_loops`, the loops of fewer being the first of those
/// of more, and sets what was achieved beside what the law of iid weights and the Gram matrix of
/// W's own resolvents expect.
///
/// The responses x_l(λ) = (λ − W)⁻¹ u_l to K drawn loops decide what any k of them need: with
/// target i held by loop l(i) and x_i = x_l(i)(λ_i), in real form,
///
///     ‖V‖_F² = tr( Gᵀ G Γ⁻¹ ) ,   Γ_ij = x_iᵀ x_j .
///
/// `response_gain` is the mean of the gain over K choices of k among them, for weights of any kind.
/// For iid weights Γ tends to the Szegő kernel 1 / (λ_i λ_j − g²) within a loop and to zero between
/// loops, and the gain to `loop_gain`.
///
/// \param targets λ^des, shape (m,), closed under conjugation, distinct, none an eigenvalue of W.
/// \throws ShapeError, DomainError naming the argument, before any long computation; NotConverged,
///         naming the target, if a Krylov space does not reach it.
/// \cost One Hessenberg reduction, K solves of 4 n² and a sweep of 7 n² a target for the largest
///       K, one transposed solve (11 n²) a target for every k. `krylov`: K spaces of some hundred
///       products with W, and k with Wᵀ for every k. `structured`: K + 1 solves a target of
///       `resolvent_of`.
/// \see Logiaco, Abbott & Escola (2021), Cell Reports 35(9):109090, Figure S2, for the failing
/// side.
[[nodiscard]] Frontier frontier(const Network& network, const ComplexVectorView& targets,
                                const FrontierOptions& options = {}, const Progress& progress = {});

}  // namespace heddle
