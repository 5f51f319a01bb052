#pragma once

#include "heddle/linalg/types.hpp"
#include "heddle/network/network.hpp"

namespace heddle {

/// The disc that the bulk of a network's eigenvalues fills.
struct Bulk {
    double centre;  ///< tr W / n.
    double radius;  ///< g = ‖W − centre‖_F / √n, exact for iid weights as n → ∞.
};

/// \throws ShapeError if the weights are not square; DomainError if they hold NaN or infinity.
[[nodiscard]] Bulk bulk_of(const MatrixView& weights);
[[nodiscard]] Bulk bulk_of(const SparseMatrix& weights);
/// From inner products of the parts. Low-rank parts count with their norm, which is small beside
/// that of a bulk; without any bulk the radius is no more than a scale.
[[nodiscard]] Bulk bulk_of(const StructuredWeights& weights);
[[nodiscard]] Bulk bulk_of(const Network& network);

/// The gain ‖U Vᵀ‖_F of the least loops that place `targets`, for iid weights and n → ∞. With λ
/// counted from the centre of the bulk,
///
///     g √( Σ_groups ( Π_{i in group} |λ_i / g|² − 1 ) ) ,
///
/// one group a loop, loops orthogonal. Targets are dealt to the groups in turn, in order of |Im|,
/// the members of a pair together; a target inside the disc costs nothing.
///
/// \param targets shape (m,), both members of every pair. \param loops k ≥ 1.
/// \throws DomainError if the targets are not finite and closed under conjugation, k < 1, or the
///         radius is not positive.
/// \see docs/explanation/loops.md, where the law is derived.
[[nodiscard]] double loop_gain(const ComplexVectorView& targets, Index loops, const Bulk& bulk);

/// Standard deviation of the worst target under noise of relative size `eta` on the loop inputs V,
/// again for n → ∞:
///
///     η ‖u‖ ‖v‖ / ( √n √(|λ_i|² − g²) |f'(λ_i)| ) ,   f(λ) = B(g/λ) / B(0) ,
///
/// B the Blaschke product of the group's targets. Targets at the edge of the disc or inside it are
/// held 0.1 % outside, as the law has no limit there; `expected_placement` has one.
/// \throws DomainError as `loop_gain`.
[[nodiscard]] double weight_noise_shift(const ComplexVectorView& targets, Index loops,
                                        const Bulk& bulk, Index n, double eta);

/// What to expect of `place_eigenvalues` in a network of n units, before any network is there.
struct ExpectedPlacement {
    double gain;       ///< ‖U Vᵀ‖_F; infinite if a loop has more targets than its chain has stages.
    Vector condition;  ///< κ_i, first-order shift of target i per unit ‖δ(U Vᵀ)‖₂, shape (m,).
};

/// The gain law at finite n. In the orthonormal basis that U, W U, W² U, … span, iid weights are
/// block Hessenberg: each of the k loops drives a chain of n / k delays,
///
///     τ ẋ_q = −x_q + g √(1 − k q / n) x_{q−1} + small noise ,
///
/// and V has to place the targets on that chain; without the noise this is a least-norm problem of
/// n / k rows, and its gain falls to that of `loop_gain` as n → ∞. The condition adds the part of
/// the left eigenvector that leaves the chain; it tends to 1 / ( √(1 − |ζ_i|²) Π_{k≠i} ρ(ζ_i, ζ_k)
/// ), ζ = g / λ, ρ the pseudo-hyperbolic distance.
///
/// Domain: iid weights, loops dealt as in `loop_gain`, targets in and around the edge or outside.
/// Measured gains are met within 10 % or so for n ≥ 200, conditions within a factor of 2. Targets
/// deeper than 2 g / √n inside the disc are left out of the gain (they cost less than 1), and √n,
/// the order of a bulk eigenvalue's own condition, stands for theirs.
///
/// \throws DomainError as `loop_gain`, and if n < 1 or two targets coincide.
/// \cost O(n m² / k).
/// \see Edelman & Rao (2005), Random matrix theory, Acta Numerica 14, for the Hessenberg form of
/// iid
///      weights; Chalker & Mehlig (1998), PRL 81(16), for conditions in the bulk.
[[nodiscard]] ExpectedPlacement expected_placement(const ComplexVectorView& targets, Index loops,
                                                   const Bulk& bulk, Index n);

/// Three standard deviations of the first-order shift of eigenvalues with these conditions when
/// every weight of W + U Vᵀ carries independent noise of relative size `eta`,
///
///     3 η κ_i √( ‖W‖_F² + ‖U Vᵀ‖_F² ) / n ,   ‖W‖_F² = n (centre² + radius²).
[[nodiscard]] Vector noise_shift(const VectorView& condition, double gain, const Bulk& bulk,
                                 Index n, double eta);

/// The smallest k ≤ most with which every target is expected to stay within `tolerance` when every
/// weight of W + U Vᵀ carries independent noise of relative size `eta` (rounding: eta = 2.2e-16):
/// `noise_shift` of `expected_placement`. 0 if no k does, as when the bulk has no radius.
/// \throws DomainError as `expected_placement`, and if tolerance or eta is not positive.
[[nodiscard]] Index loops_needed(const ComplexVectorView& targets, const Bulk& bulk, Index n,
                                 double tolerance, double eta, Index most);

}  // namespace heddle
