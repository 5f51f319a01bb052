#pragma once

#include "heddle/linalg/types.hpp"

namespace heddle {

[[nodiscard]] double one_norm(const MatrixView& a);

/// ‖ |A|^p ‖₁, exactly and by p products of a matrix and a vector.
[[nodiscard]] double one_norm_of_absolute_power(const MatrixView& a, int p);

/// A lower bound of ‖A B‖₁ or ‖A B C‖₁, nearly always equal to it, without forming the product
/// (LAPACK dlacn2).
/// \see Higham & Tisseur (2000), SIMAX 21(4).
[[nodiscard]] double one_norm_of_product(const Matrix& a, const Matrix& b);
[[nodiscard]] double one_norm_of_product(const Matrix& a, const Matrix& b, const Matrix& c);

}  // namespace heddle
