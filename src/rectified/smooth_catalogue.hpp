#pragma once

#include <vector>

#include "rectified/smooth_certificate.hpp"
#include "rectified/smooth_starts.hpp"

namespace heddle {

/// |a − b|_∞.
inline double distance(const Vector& a, const Vector& b) {
    return (a - b).cwiseAbs().maxCoeff();
}

/// Certifies what searches converged to, those that agree to rounding once, and adds those that no
/// ball shows to be known, in order; of an odd map their mirrors too. Eigenvalues are left out.
void add_all(const SmoothMap& map, const std::vector<SmoothStart>& found, std::size_t threads,
             std::vector<SmoothFixedPoint>& points);

}  // namespace heddle
