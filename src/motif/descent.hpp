#pragma once

#include "motif/region.hpp"
#include "motif/residual.hpp"

namespace heddle {

struct Descent {
    Vector theta;
    double value;  ///< φ(θ).
};

/// Moves the modes down φ from a start inside the region, by sequential quadratic programming with
/// exact derivatives (NLopt's SLSQP; Kraft 1994, ACM TOMS 20). The result is inside the region and
/// no worse than the start.
[[nodiscard]] Descent descend(Residual& residual, const Region& region, const Vector& start);

}  // namespace heddle
