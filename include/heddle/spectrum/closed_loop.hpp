#pragma once

#include "heddle/linalg/resolvent.hpp"
#include "heddle/network/loops.hpp"

namespace heddle {

/// What is known of eigenvalues that loops were built to place, shape (m,) each.
struct ClosedLoop {
    Vector error;      ///< |lᵀ (W + U Vᵀ − λ) r| / |lᵀ r|: the first-order distance to the true eigenvalue.
    Vector condition;  ///< |l| |r| / |lᵀ r|: shift per unit ‖δ(U Vᵀ)‖₂.
};

/// Two-sided residuals of the pairs (λ_i, r_i) of the network closed by `loops`: the left vector is
/// l_i = (λ_i − W)⁻ᵀ V h_i with h_i the null vector of 1 − (Vᵀ (λ_i − W)⁻¹ U)ᵀ.
///
/// With τ_T > 0 the pair is one of the joint system of cortex and thalamus, whose thalamic part g_i obeys
/// (1 + ε μ_i) g_i = Vᵀ r_i with ε = τ_T / τ and μ_i = λ_i − 1.
///
/// \param eigenvalues λ_i, one of each conjugate pair, shape (m,).
/// \param responses (λ_i − W)⁻¹ U side by side, shape (n, m k).
/// \param directions g_i, shape (k, m); r_i = responses_i g_i.
/// \param epsilon τ_T / τ.
/// \cost One transposed solve a target, O(n²).
[[nodiscard]] ClosedLoop closed_loop(const Resolvent& resolvent, const MatrixView& weights, const Loops& loops,
                                     const ComplexVectorView& eigenvalues, const ComplexMatrixView& responses,
                                     const ComplexMatrixView& directions, double epsilon);

/// (λ_i − W)⁻¹ U for every i, side by side, shape (n, m k).
[[nodiscard]] ComplexMatrix loop_responses(const Resolvent& resolvent, const ComplexVectorView& eigenvalues,
                                           const MatrixView& u);

/// All eigenvalues of W + U Vᵀ, in canonical order.
[[nodiscard]] ComplexVector closed_spectrum(const MatrixView& weights, const Loops& loops);

/// Distance of every target to the nearest eigenvalue, each eigenvalue used once, shape (m,).
[[nodiscard]] Vector distances(const ComplexVectorView& targets, const ComplexVectorView& eigenvalues);

}  // namespace heddle
