#pragma once

#include <cstddef>

#include "heddle/linalg/types.hpp"

namespace heddle {

/// 1 / (z − λ_j) for all j at z = λ_p + δ, as real and imaginary parts; 0 where z = λ_j.
void cauchy_column(std::size_t n, const double* pole_re, const double* pole_im, Complex base,
                   Complex shift, double* re, double* im);

/// Sums over a column c = 1 / (z − λ_j).
struct ColumnSums {
    Complex response;  ///< Σ d_j c_j.
    Complex slope;     ///< Σ d_j c_j².
    double size;       ///< Σ w_j |c_j|².
};
[[nodiscard]] ColumnSums column_sums(std::size_t n, const double* re, const double* im,
                                     const double* d_re, const double* d_im, const double* w);

}  // namespace heddle
