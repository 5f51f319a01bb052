#pragma once

#include "heddle/linalg/types.hpp"

namespace heddle {

/// tanh x of finite x, to 4 ulp: odd, and the same bits on every processor.
void fill_tanh(const double* x, Index count, double* out);

/// ln(1 + eˣ) of finite x, to 4 ulp for x ≥ −708; below, less than 1e-307. The same bits on every
/// processor.
void fill_softplus(const double* x, Index count, double* out);

/// Its slope 1 / (1 + e^{−x}), to 4 ulp for x ≥ −708; below, less than 1e-307.
void fill_softplus_slope(const double* x, Index count, double* out);

}  // namespace heddle
