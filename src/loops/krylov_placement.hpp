#pragma once

#include "heddle/loops/placement.hpp"

namespace heddle {

/// `place_eigenvalues` for networks too large to decompose; gain and verdict are left to the
/// caller.
[[nodiscard]] Placement krylov_placement(const Network& network, const ComplexVectorView& targets,
                                         const PlacementOptions& options);

}  // namespace heddle
