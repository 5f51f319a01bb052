#pragma once

#include "heddle/linalg/types.hpp"

/// Inner loops of the sweep over a Hessenberg matrix: a real column h, and a complex column v in
/// real and imaginary parts. No two arrays may overlap.
namespace heddle {

/// R's column y = s h + w̄ v, and v ← s v − w h.
void sweep_column(Index n, const double* h, double s, double w_re, double w_im, double* v_re,
                  double* v_im, double* y_re, double* y_im);

/// b −= x y.
void subtract_multiple(Index n, double x_re, double x_im, const double* y_re, const double* y_im,
                       double* b_re, double* b_im);

}  // namespace heddle
