#pragma once

#include <functional>

#include "heddle/linalg/types.hpp"

namespace heddle {

/// The loss at θ; fills its slope. +∞ where there is none.
using Objective = std::function<double(const Vector& theta, Vector& slope)>;

struct Minimum {
    Vector theta;
    double value;
};

/// The best of at most `evaluations` points that NLopt's L-BFGS looks at, from `start`, within
/// bounds; `start` itself if none is better.
[[nodiscard]] Minimum minimise(const Objective& objective, const Vector& start, const Vector& lower,
                               const Vector& upper, Index memory, Index evaluations);

}  // namespace heddle
