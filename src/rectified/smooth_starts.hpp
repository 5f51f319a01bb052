#pragma once

#include <string>
#include <vector>

#include "rectified/smooth_map.hpp"

namespace heddle {

/// A state to search from.
struct SmoothStart {
    Vector x;
    std::string name;
};

/// Start i: x = W φ(z) + b with z normal, which every fixed point is of some z; for odd i, where
/// the network is 30 τ later.
[[nodiscard]] SmoothStart smooth_start(const SmoothMap& map, std::uint64_t seed, Index i);

}  // namespace heddle
