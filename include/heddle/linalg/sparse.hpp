#pragma once

#include <Eigen/SparseCore>

#include "heddle/linalg/types.hpp"

namespace heddle {

/// Compressed rows, double precision.
using SparseMatrix = Eigen::SparseMatrix<double, Eigen::RowMajor>;

/// (λ − A)⁻¹ B for a sparse square A, by a sparse LU factorisation with column ordering.
/// \param b shape (n, k).
/// \throws ShapeError; DomainError, naming the shift, if λ − A is singular to working precision.
/// \cost The fill decides: O(n) for banded A, O(n^1.5) for planar graphs, O(n³) for random ones.
/// \see Li (2005), An overview of SuperLU, ACM TOMS 31(3).
[[nodiscard]] ComplexMatrix solve_shifted(const SparseMatrix& a, Complex shift,
                                          const ComplexMatrixView& b);

}  // namespace heddle
