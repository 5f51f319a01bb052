#pragma once

#include "train/parameter_blocks.hpp"

namespace heddle {

/// Moves every constrained parameter to the nearest value that satisfies its constraint: signs,
/// then the norm (in this order the two are one projection, on a cone within a ball), or the rank.
void project(const ParameterBlocks& blocks, TrainableNetwork& network);

/// \throws DomainError naming the parameter, what is wrong with it, and what would satisfy the
///         constraint.
void check_satisfied(const ParameterBlock& block, const TrainableNetwork& network);

}  // namespace heddle
