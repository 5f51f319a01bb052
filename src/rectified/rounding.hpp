#pragma once

#include "rectified/smooth_map.hpp"

namespace heddle {

/// γ_k = k u / (1 − k u): the relative error of a sum of k products, of its absolute values.
inline double rounding_of(Index terms) {
    const double ku = static_cast<double>(terms) * unit_roundoff;
    return ku / (1.0 - ku);
}

/// A bound computed from sums of up to n non-negative terms, a few of them one after another,
/// rounded up; what underflowed included.
inline double rounded_up(double bound, Index n) {
    return bound * (1.0 + static_cast<double>(8 * n + 64) * unit_roundoff) + 1e-290;
}

}  // namespace heddle
