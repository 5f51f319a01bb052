#pragma once

#include "heddle/rectified/smooth_fixed_points.hpp"
#include "rectified/smooth_map.hpp"

namespace heddle {

/// `certify_fixed_point` of a map.
[[nodiscard]] FixedPointCertificate certify_zero(const SmoothMap& map, const Vector& x);

/// Fills the fields of `point` about the eigenvalues at the fixed point within `point.radius`.
void certify_stability(const SmoothMap& map, SmoothFixedPoint& point);

}  // namespace heddle
