#pragma once

#include "heddle/linalg/types.hpp"

namespace heddle {

/// A = R diag(values) R⁻¹ in the order LAPACK returns, pairs side by side.
struct EigenDecomposition {
    ComplexVector values;  ///< λ_j, shape (n,).
    ComplexMatrix right;   ///< r_j in columns, unit 2-norm, shape (n, n).
};

/// \cost About 25 n³ flops (LAPACK dgeev with right vectors).
[[nodiscard]] EigenDecomposition eigen_decomposition(const MatrixView& a);

/// The unit vector x for which ‖A x‖ is least, A small and square: its null vector if it is
/// singular.
[[nodiscard]] ComplexVector null_vector(const ComplexMatrixView& a);

/// Orthonormal columns spanning the `count` directions in which A, small and square, is least.
[[nodiscard]] ComplexMatrix null_vectors(const ComplexMatrixView& a, Index count);

/// The pseudo-inverse of a small matrix of known rank: of its `rank` largest singular values.
[[nodiscard]] ComplexMatrix inverse_of_rank(const ComplexMatrixView& a, Index rank);

/// The least-norm solution of A x = b for a complex A with more columns than rows, by the singular
/// value decomposition without truncation, and κ₂(A).
struct ComplexSolution {
    ComplexVector x;
    double condition;
};
[[nodiscard]] ComplexSolution least_norm_wide(const ComplexMatrixView& a,
                                              const ComplexVectorView& b);

}  // namespace heddle
