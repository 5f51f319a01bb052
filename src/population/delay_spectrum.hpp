#pragma once

#include <vector>

#include "heddle/linalg/types.hpp"

namespace heddle {

/// ẏ(t) = A y(t) + Σ_k B[:, k] y[source_k](t − delay_k).
struct DelayEquation {
    Matrix a;                   ///< Shape (n, n).
    Matrix b;                   ///< Shape (n, delays).
    std::vector<Index> source;  ///< Which of y.
    std::vector<double> delay;  ///< > 0, in one unit of time.
};

/// The n rightmost roots of det(λ − A − Σ B[:, k] e_source_kᵀ e^{−λ delay_k}) = 0 (n + 1 if that
/// would part a conjugate pair), in canonical order: those of the generator of the solutions on a
/// Chebyshev grid over the largest delay, of 16, 32, … 128 intervals until two grids agree to 1e-6,
/// then Newton's method for each.
/// \cost Eigenvalues of matrices of size n + intervals · sources.
/// \see Breda, Maset & Vermiglio (2005), SIAM J Sci Comput 27:482.
[[nodiscard]] ComplexVector rightmost_eigenvalues(const DelayEquation& equation);

}  // namespace heddle
