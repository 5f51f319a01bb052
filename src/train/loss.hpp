#pragma once

#include "heddle/train/gradient.hpp"

namespace heddle {

/// Adds the parts that a block of trials has.
void add(const TrainingLoss& block, TrainingLoss& loss);

/// Sums the parts as the task weights them. \throws DomainError if the loss is not finite.
void finish(const TrainingTask& task, TrainingLoss& loss);

}  // namespace heddle
