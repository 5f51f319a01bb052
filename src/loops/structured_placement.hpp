#pragma once

#include "heddle/loops/placement.hpp"

namespace heddle {

/// `place_eigenvalues` by the parts of W; gain and verdict are left to the caller.
[[nodiscard]] Placement structured_placement(const Network& network,
                                             const ComplexVectorView& targets,
                                             const PlacementOptions& options);

}  // namespace heddle
