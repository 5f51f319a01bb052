#pragma once

#include "heddle/loops/placement.hpp"

/// What every solver of `place_eigenvalues` does once it has the modes.
namespace heddle {

[[nodiscard]] ThalamicLag lag_of(const PlacementOptions& options, const Network& network);

/// U: the given outputs, or drawn ones that obey the rules.
[[nodiscard]] Matrix outputs_for(const PlacementOptions& options, Index n);

/// Fills in the loops, V of least norm for the modes of U and g within rules and limits, and how
/// well that went.
/// \param subspace orthonormal columns that V is confined to; empty for all.
void hold_modes(Placement& placement, const Matrix& u, const LoopModes& placed,
                const ThalamicLag& lag, const PlacementOptions& options,
                const Matrix& subspace = {});

}  // namespace heddle
