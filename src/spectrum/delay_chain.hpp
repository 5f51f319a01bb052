#pragma once

#include "spectrum/target_groups.hpp"

namespace heddle {

/// The placement of one group of targets on a chain of delays, all in units of the bulk.
struct ChainPlacement {
    double gain;       ///< ‖v‖, for ‖u‖ = 1; infinite if the chain is too short.
    Vector condition;  ///< κ of each target of the group, shape (group.size(),).
};

/// Places the group by one of `loops` loops in a network of n units: on a chain of n / loops stages
/// with gains √(1 − loops q / n), by the least-norm v with vᵀ r(λ_i) = 1, r(λ) the response of the
/// chain to its first stage. See `expected_placement`.
/// \throws DomainError if two targets coincide.
[[nodiscard]] ChainPlacement place_on_chain(const TargetGroup& group, Index loops, Index n);

}  // namespace heddle
