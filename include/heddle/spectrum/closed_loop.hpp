#pragma once

#include "heddle/linalg/resolvent.hpp"
#include "heddle/network/loops.hpp"
#include "heddle/network/network.hpp"
#include "heddle/spectrum/thalamic_lag.hpp"

namespace heddle {

/// (λ_i − W)⁻¹ U for every i, side by side, in the resolvent's reduced basis: shape (n, m k).
[[nodiscard]] ComplexMatrix loop_responses(const Resolvent& resolvent,
                                           const ComplexVectorView& eigenvalues,
                                           const MatrixView& u);

/// Modes that loops hold through the directions g_i: r_i = (λ_i − W)⁻¹ U g_i, so that any V with
/// Vᵀ r_i = g_i makes (W + U Vᵀ) r_i = λ_i r_i. One of each conjugate pair; an eigenvalue that
/// several loops hold stands there several times in a row.
struct LoopModes {
    ComplexVector eigenvalues;  ///< λ_i, shape (m,).
    ComplexMatrix directions;   ///< g_i, shape (k, m).
    ComplexMatrix responses;    ///< As `loop_responses` gives them, in the reduced basis.
    ComplexMatrix modes;        ///< r_i, shape (n, m).
};

[[nodiscard]] LoopModes loop_modes(const Resolvent& resolvent, ComplexVector eigenvalues,
                                   ComplexMatrix responses, ComplexMatrix directions);

/// What is known of eigenvalues that loops were built to place, shape (m,) each.
struct ClosedLoop {
    Vector error;      ///< |lᵀ (W + U Vᵀ − λ) r| / |lᵀ r|: the distance to the true eigenvalue, to
                       ///< first order.
    Vector condition;  ///< |l| |r| / |lᵀ r|: shift per unit ‖δW‖₂.
};

/// Two-sided residuals of the pairs (λ_i, r_i) of the network closed by `loops`: the left vector is
/// l_i = (λ_i − W)⁻ᵀ V h_i with h_i the null vector of θ − (Vᵀ (λ_i − W)⁻¹ U)ᵀ, θ of the thalamic
/// lag. Thalamic units with a time constant or a delay make lᵀ r into lᵀ r + θ′ hᵀ g. Where an
/// eigenvalue stands p times, l_i are the p left vectors biorthogonal to the r_i.
///
/// \cost One transposed solve a target, O(n²).
[[nodiscard]] ClosedLoop closed_loop(const Resolvent& resolvent, const Network& network,
                                     const Loops& loops, const LoopModes& placed);

/// The two halves of `closed_loop`, for those who solve with W in their own way.
///
/// h_i, shape (k, m), from V in the basis that `placed.responses` has.
[[nodiscard]] ComplexMatrix left_directions(const MatrixView& v, const LoopModes& placed,
                                            const ThalamicLag& lag);
/// The evidence from h_i and l_i = (λ_i − W)⁻ᵀ V h_i, shape (n, m).
[[nodiscard]] ClosedLoop two_sided(const Network& network, const Loops& loops,
                                   const LoopModes& placed, const ComplexMatrixView& h,
                                   const ComplexMatrixView& l);

/// All eigenvalues of W + U Vᵀ, in canonical order.
[[nodiscard]] ComplexVector closed_spectrum(const MatrixView& weights, const Loops& loops);

/// Distance of every target to the nearest eigenvalue, each eigenvalue used once, shape (m,).
[[nodiscard]] Vector distances(const ComplexVectorView& targets,
                               const ComplexVectorView& eigenvalues);

}  // namespace heddle
