#pragma once

#include "heddle/linalg/types.hpp"

namespace heddle {

/// Right-hand sides of shifted systems, as `split` gives them: inner loops run along contiguous
/// reals.
using Panel = Matrix;

/// In place, column j becomes (shifts[j] − H)⁻¹ of itself for an upper Hessenberg matrix H.
/// \return the first column whose system is singular, or −1.
[[nodiscard]] Index solve_hessenberg(const Matrix& h, const ComplexVectorView& shifts,
                                     Panel& panel);

/// The same for an upper quasi-triangular matrix with LAPACK's standard 2 × 2 blocks.
[[nodiscard]] Index solve_quasi_triangular(const Matrix& t, const ComplexVectorView& shifts,
                                           Panel& panel);

/// How many columns from `first` on share its shift.
[[nodiscard]] Index columns_with_shift_of(const ComplexVectorView& shifts, Index first);

}  // namespace heddle
