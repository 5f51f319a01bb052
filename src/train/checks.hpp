#pragma once

#include <cstddef>

#include "heddle/train/gradient.hpp"

namespace heddle {

/// \throws DomainError for a window below 0 and loops that are not there or named twice.
void check_parts(const TrainedParts& parts, std::size_t loops);

/// \throws DomainError naming step, unit and trial if a state is not finite.
void check_states(const MatrixView& states, Index step, const TrainingTask& task);

/// \throws DomainError naming the step if λ is not finite.
void check_costate(const MatrixView& costate, Index step);

/// \throws DomainError if the loss is not finite.
void check_loss(const TrainingLoss& loss);

}  // namespace heddle
