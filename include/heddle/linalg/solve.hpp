#pragma once

#include "heddle/linalg/types.hpp"

namespace heddle {

/// The matrix V of least Frobenius norm with V X = G, for X of full column rank.
struct LeastNorm {
    Matrix v;          ///< G X⁺, shape (k, n).
    double condition;  ///< κ₂(X) after each column of X (and of G) was divided by its norm in X.
};

/// V = G X⁺ by a QR factorisation of X, columns scaled first.
/// \param x shape (n, m), m ≤ n. \param g shape (k, m).
/// \cost 4 n m² flops.
[[nodiscard]] LeastNorm least_norm(const MatrixView& x, const MatrixView& g);

/// Least-squares solution of A X = B, A of shape (r, c), r ≥ c, full column rank.
[[nodiscard]] Matrix least_squares(const MatrixView& a, const MatrixView& b);

/// The solution x of least 2-norm of a small complex system A x = b, and an orthonormal basis of A's null
/// space (shape (c, c − rank)).
struct ComplexLeastNorm {
    ComplexVector solution;
    ComplexMatrix null_space;
    double condition;  ///< σ_max / σ_min of A.
};
[[nodiscard]] ComplexLeastNorm complex_least_norm(const ComplexMatrixView& a, const ComplexVectorView& b);

/// A⁻¹ B for a general square matrix. \throws DomainError if A is singular to working precision.
[[nodiscard]] Matrix solve(const MatrixView& a, const MatrixView& b);

/// Orthonormal columns spanning those of `a` (n × k, k ≤ n, full rank).
[[nodiscard]] Matrix orthonormal(const MatrixView& a);

/// L with L Lᵀ = `covariance` for a symmetric positive semi-definite matrix; eigenvalues that rounding
/// made negative count as zero.
[[nodiscard]] Matrix square_root(const MatrixView& covariance);

/// Singular values, largest first.
[[nodiscard]] Vector singular_values(const MatrixView& a);
[[nodiscard]] Vector singular_values(const ComplexMatrixView& a);

/// ‖A‖₂ of a product of square matrices, largest singular value of factors[0] · factors[1] · …, without forming the
/// product; by Lanczos on AᵀA to relative accuracy 1e-10.
[[nodiscard]] double spectral_norm(const MatrixView& a);
[[nodiscard]] double spectral_norm_of_product(const MatrixView& a, const MatrixView& b);

/// W with A W + W Aᵀ = −Q for stable A: a Bartels–Stewart solve, recursive and blocked.
/// \throws DomainError if A and −Aᵀ share an eigenvalue to working precision.
/// \see Bartels & Stewart (1972), CACM 15(9); Jonsson & Kågström (2002), ACM TOMS 28(4).
[[nodiscard]] Matrix solve_lyapunov(const MatrixView& a, const MatrixView& q);

}  // namespace heddle
