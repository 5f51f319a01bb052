#pragma once

#include "heddle/linalg/types.hpp"
#include "network/response_curve.hpp"

namespace heddle {

/// φ(x) of `count` states.
void fill_rates(const ResponseCurve& curve, const double* x, Index count, double* rates);

/// φ'(x), where φ(x) is known: 1 − φ² for tanh.
void fill_slopes(const ResponseCurve& curve, const double* x, const double* rates, Index count,
                 double* slopes);

}  // namespace heddle
