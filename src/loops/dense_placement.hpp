#pragma once

#include "heddle/loops/placement.hpp"

namespace heddle {

/// `place_eigenvalues` by one reduction of W; all but the verdict.
/// \param upper one target of each pair.
[[nodiscard]] Placement dense_placement(const Network& network, const ComplexVectorView& targets,
                                        const ComplexVector& upper, const PlacementOptions& options,
                                        const Progress& progress);

}  // namespace heddle
