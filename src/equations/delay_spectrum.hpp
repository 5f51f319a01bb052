#pragma once

#include "heddle/equations/rate_equations.hpp"

namespace heddle {

/// The n rightmost roots of det(λ − A − Σ b_k c_kᵀ e^{−λ d_k}) = 0, 1/ms (n + 1 if that would part
/// a conjugate pair), in canonical order: those of the generator of the solutions on a Chebyshev
/// grid over the largest delay, of 16, 32, … 128 intervals until two grids agree to 1e-6, then
/// Newton's method for each.
/// \cost Eigenvalues of matrices of size n + intervals · (different rows of C).
/// \see Breda, Maset & Vermiglio (2005), SIAM J Sci Comput 27:482.
[[nodiscard]] ComplexVector rightmost_eigenvalues(const EquationSlopes& equation);

/// λ − A − Σ b_k c_kᵀ e^{−λ d_k}.
[[nodiscard]] ComplexMatrix characteristic_matrix(const EquationSlopes& equation, Complex lambda);

/// Its derivative to λ: 1 + Σ d_k b_k c_kᵀ e^{−λ d_k}.
[[nodiscard]] ComplexMatrix characteristic_slope(const EquationSlopes& equation, Complex lambda);

}  // namespace heddle
