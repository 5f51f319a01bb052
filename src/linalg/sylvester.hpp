#pragma once

#include "heddle/linalg/types.hpp"

namespace heddle {

using TriangleView = Eigen::Ref<const Matrix, 0, Eigen::OuterStride<>>;

/// Half of the order of an upper quasi-triangular matrix, moved on if it would cut a 2 × 2 block.
[[nodiscard]] Index halve(const TriangleView& t);

/// X with A X + X Bᵀ = C in place of C; A and B upper quasi-triangular in LAPACK's standard form.
/// Recursive and blocked: nearly all of the m n (m + n) flops are matrix products.
/// \see Jonsson & Kågström (2002), ACM TOMS 28(4).
void solve_sylvester(const TriangleView& a, const TriangleView& b, Eigen::Ref<Matrix> c);

}  // namespace heddle
