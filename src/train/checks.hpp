#pragma once

#include <cstddef>

#include "heddle/train/gradient.hpp"

namespace heddle {

/// Network and run of a task, whatever it asks for. \throws what validate(network, task) throws.
void check_run(const TrainableNetwork& network, const TrainingTask& task);

/// \throws DomainError for a window below 0 and loops that are not there or named twice.
void check_parts(const TrainedParts& parts, std::size_t loops);

/// States of trials from `first` on. \throws DomainError naming step, unit and trial of one that is
/// not finite.
void check_states(const MatrixView& states, Index step, Index first, const TrainingTask& task);

/// \throws DomainError naming the step if λ is not finite.
void check_costate(const MatrixView& costate, Index step);

/// \throws DomainError if the loss is not finite.
void check_loss(const TrainingLoss& loss);

}  // namespace heddle
