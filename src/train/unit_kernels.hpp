#pragma once

#include "heddle/linalg/types.hpp"

namespace heddle {

/// tanh x of finite x, to 4 ulp: odd, and the same bits on every processor.
void fill_tanh(const double* x, Index count, double* out);

}  // namespace heddle
