#pragma once

#include <string>
#include <string_view>

#include "heddle/rectified/threshold_linear.hpp"

namespace heddle {

/// What a weighted norm proves: any two trajectories obey
///
///     |x(t) − y(t)| ≤ e^{−rate t} |x(0) − y(0)| ,   |x|_∞ = max_i |x_i| / η_i ,   |x|_1 = Σ η_i
///     |x_i| .
struct NormContraction {
    std::string norm;  ///< "l1" or "linf".
    double rate;       ///< 1/s, rounded down; what these weights prove. Below 0: growth at most.
    double best;       ///< The largest rate that any weights could prove, to rounding, 1/s.
    Vector weights;    ///< η, positive, shape (n,), largest 1.
    bool certified;    ///< rate > 0: one fixed point at most, and every trajectory ends in it.
    std::string statement;  ///< In a sentence.
};

/// Contraction of a network in the weighted `norm`, "l1" or "linf". With slopes d_j ∈ [0, 1] (tanh,
/// rectified, softplus) or d_j = 1 (linear), the largest logarithmic norm of −1 + W D (`form`
/// input) or −1 + D W (rate) is, for the best weights, the Perron root of a Metzler matrix: of
/// |W_ij| off the diagonal with
///
///     max(W_ii, 0) on it   (input form in linf, rate form in l1),
///     W_ii, the root at least 0   (input form in l1, rate form in linf),
///     W_ii   (linear).
///
/// Slopes of populations of spiking neurons are in [0, s], s = `slope_bound`: s W takes W's place.
///
/// \throws DomainError  naming the argument; for exponential hazards, whose slopes have no bound.
/// \cost An LU factorisation for each of about 6 steps of Noda's iteration.
/// \see Davydov, Proskurnikov & Bullo (2022), arXiv 2110.08298, for the logarithmic norms; Noda
///      (1971), Numer. Math. 17, for the root.
[[nodiscard]] NormContraction norm_contraction(const Network& network, std::string_view norm,
                                               std::string_view form = "input");

/// sup φ' of a network's units, rounded up: see `steepest`.
/// \throws DomainError if there is none.
[[nodiscard]] double slope_bound(const Network& network);

/// The largest eigenvalue of a Metzler matrix (no negative entry off the diagonal) and a positive
/// vector η with  max_i (M η)_i / η_i  near it: an upper bound whatever the iteration did.
struct PerronRoot {
    double upper;    ///< max_i (M η)_i / η_i.
    double lower;    ///< min_i (M η)_i / η_i.
    Vector weights;  ///< η, largest 1.
};
/// \throws ShapeError; DomainError if an entry off the diagonal is negative.
[[nodiscard]] PerronRoot perron_root(const MatrixView& metzler);

/// The frequency test of a threshold-linear network for given multipliers.
struct FrequencyTest {
    double margin;  ///< min over ω of λ_min(H(ω)), rounded down; below 0 where the
    ///< test fails.
    double frequency;         ///< ω of the minimum, rad/s.
    ComplexVector direction;  ///< Its eigenvector, shape (m,).
    double abscissa;          ///< max Re of the eigenvalues of L, plus ρ τ: below 0 is required.
    double distance;          ///< Of the Hamiltonian's eigenvalues to the imaginary axis, at the
                              ///< level of the margin; relative to its norm.
    bool certified;           ///< margin > 0, over all frequencies and not a grid.
};

/// All trajectories of τ ẋ = L x + P [Q x + c]₊ + h approach each other at `rate` if L + ρ τ is
/// Hurwitz and for some D = diag(multipliers) > 0 and all ω
///
///     H(ω) = D (1 − G(iω)) + (1 − G(iω))ᴴ D ≻ 0 ,   G(s) = Q (s − ρ τ − L)⁻¹ P     (time in τ).
///
/// λ_min(H) reaches a level exactly where a Hamiltonian matrix of 2 n rows has an imaginary
/// eigenvalue; the level rises to the minimum from samples by bisection of the intervals in
/// between.
///
/// \param rate ρ, 1/s.
/// \throws ShapeError, DomainError  naming the argument.
/// \cost One Hessenberg form, and the eigenvalues of a matrix of 2 n rows 3 to 6 times.
/// \see Boyd, Balakrishnan & Kabamba (1989), Math. Control Signals Systems 2(3), for the levels.
[[nodiscard]] FrequencyTest frequency_test(const ThresholdLinear& system,
                                           const VectorView& multipliers, double rate = 0.0);

}  // namespace heddle
