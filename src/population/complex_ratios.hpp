#pragma once

#include <cmath>

#include "heddle/linalg/types.hpp"

namespace heddle {

/// (1 − e^{−z}) / z.
[[nodiscard]] inline Complex exponential_ratio(Complex z) {
    if (std::abs(z) > 0.3) return (1.0 - std::exp(-z)) / z;
    Complex sum = 1.0;
    for (int k = 14; k >= 2; --k) sum = 1.0 - z * sum / static_cast<double>(k);
    return sum;
}

}  // namespace heddle
