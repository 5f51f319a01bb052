#pragma once

#include "heddle/linalg/types.hpp"

namespace heddle {

/// Eigenvalues of a symmetric matrix, ascending; `a`, of which the lower triangle is read, becomes
/// the eigenvectors. \throws NotConverged, calling the matrix `name`.
[[nodiscard]] Vector symmetric_eigen(Matrix& a, const char* name);

}  // namespace heddle
