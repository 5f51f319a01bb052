#pragma once

#include "heddle/linalg/types.hpp"

namespace heddle {

/// A ⊗ B, entry (i b + p, j b + q) = A[i, j] B[p, q], for square factors of sizes a and b.
struct Kronecker {
    Matrix a;  ///< Shape (a, a).
    Matrix b;  ///< Shape (b, b).
};

/// (A ⊗ B) x for every column of x, shape (a b, m), as B X Aᵀ with X of shape (b, a).
/// \cost 2 n m (a + b) flops, n = a b.
[[nodiscard]] Matrix apply(const Kronecker& product, const MatrixView& x);

/// (λ − A ⊗ B)⁻¹ at many shifts λ: with complex Schur forms A = P S Pᴴ and B = Q T Qᴴ,
///
///     λ Y − T Y Sᵀ = Qᴴ C conj(P) ,   X = Q Y Pᵀ ,
///
/// solved column by column from the last, each a triangular system of b unknowns.
class KroneckerResolvent final {
  public:
    /// \throws ShapeError if a factor is not square; DomainError if one is not finite.
    /// \cost 25 (a³ + b³) flops.
    explicit KroneckerResolvent(const Kronecker& product);

    /// (λ − A ⊗ B)⁻¹ c, shape (n, m).
    /// \throws ShapeError; DomainError, naming the shift, if it is an eigenvalue of A ⊗ B.
    /// \cost About 24 n (a + b) flops a column.
    [[nodiscard]] ComplexMatrix solve(Complex shift, const ComplexMatrixView& c) const;

  private:
    void back_substitute(Complex shift, ComplexMatrix& y) const;

    ComplexMatrix p_, s_;
    ComplexMatrix q_, t_;
};

}  // namespace heddle
