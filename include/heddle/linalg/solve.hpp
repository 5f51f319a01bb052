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
/// \throws ShapeError; DomainError if a column of x is zero or R has an exact zero on its diagonal.
///         A large `condition` is an outcome and not an error.
/// \cost 2 n m² + 4 n m k flops.
[[nodiscard]] LeastNorm least_norm(const MatrixView& x, const MatrixView& g);

/// Least-squares solution of A X = B, A of shape (r, c), r ≥ c, by a QR factorisation.
/// \throws ShapeError; DomainError if the columns of A are dependent to working precision.
[[nodiscard]] Matrix least_squares(const MatrixView& a, const MatrixView& b);

/// The solution x of least 2-norm of a small complex system A x = b (in the least-squares sense, if
/// it has none), with A's numerical rank counted at max(r, c) ε σ_max.
struct ComplexLeastNorm {
    ComplexVector solution;    ///< A⁺ b, shape (c,).
    ComplexMatrix null_space;  ///< Orthonormal basis of A's null space, shape (c, c − rank).
    double condition;          ///< σ_max / σ_min of A; infinite if σ_min = 0.
};
[[nodiscard]] ComplexLeastNorm complex_least_norm(const ComplexMatrixView& a,
                                                  const ComplexVectorView& b);

/// A⁻¹ B for a general square matrix.
/// \throws ShapeError; DomainError if A is singular to working precision (1 / κ₁ below ε).
[[nodiscard]] Matrix solve(const MatrixView& a, const MatrixView& b);

/// A⁻¹ B for a small complex matrix.
/// \throws ShapeError; DomainError if A is exactly singular.
[[nodiscard]] ComplexMatrix solve_complex(const ComplexMatrixView& a, const ComplexMatrixView& b);

/// det A of a small complex matrix, by elimination with row exchange.
/// \throws ShapeError unless square.
[[nodiscard]] Complex determinant(const ComplexMatrixView& a);

/// Orthonormal columns spanning those of `a` (n × k, k ≤ n): the Q of A = Q R with a positive
/// diagonal of R.
/// \throws ShapeError; DomainError if the columns of `a` are dependent to working precision.
[[nodiscard]] Matrix orthonormal(const MatrixView& a);

/// L with L Lᵀ = `covariance` for a symmetric positive semi-definite matrix: its Cholesky factor if
/// that exists, else from the eigenvectors, where eigenvalues that rounding made negative count as
/// zero.
/// \throws ShapeError; DomainError if not symmetric, or an eigenvalue is below −1e-8 of the
/// largest.
[[nodiscard]] Matrix square_root(const MatrixView& covariance);

/// Singular values, largest first.
[[nodiscard]] Vector singular_values(const MatrixView& a);
[[nodiscard]] Vector singular_values(const ComplexMatrixView& a);

/// ‖A‖₂ or ‖A B‖₂, the largest singular value, to relative accuracy 1e-10: by Lanczos from a fixed
/// start, without forming the product; small matrices, and those on which Lanczos is slow, by all
/// their singular values.
[[nodiscard]] double spectral_norm(const MatrixView& a);
[[nodiscard]] double spectral_norm_of_product(const MatrixView& a, const MatrixView& b);

/// X with A X + X Aᵀ = −Q: a Bartels–Stewart solve, recursive and blocked. Symmetric if Q is.
/// \throws ShapeError; DomainError if two eigenvalues of A add up to zero to working precision;
/// those
///         of a stable A never do.
/// \cost One Schur form and about 10 n³ flops.
/// \see Bartels & Stewart (1972), CACM 15(9); Jonsson & Kågström (2002), ACM TOMS 28(4).
[[nodiscard]] Matrix solve_lyapunov(const MatrixView& a, const MatrixView& q);

}  // namespace heddle
