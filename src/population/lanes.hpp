#pragma once

#include <cstddef>

#include "core/elementary.hpp"

// What the loops over cohorts share.

namespace heddle::kernels {

/// Cohorts are moved, and summed, by so many at once: no processor has wider vectors, so that all
/// give the same bits.
inline constexpr std::size_t lanes = 8;

/// exp(−x) for hazards x ≥ 0 of any size.
HEDDLE_INLINE double survival(double x) {
    return elementary::exp(x < 700.0 ? -x : -700.0);
}

/// Of the sums of each lane, which are used up.
HEDDLE_INLINE double sum_of(double (&part)[lanes]) {
    for (std::size_t width = lanes / 2; width > 0; width /= 2)
        for (std::size_t l = 0; l < width; ++l) part[l] += part[l + width];
    return part[0];
}

}  // namespace heddle::kernels
