#include <cmath>
#include <string>

#include "heddle/core/error.hpp"
#include "train/checks.hpp"

namespace heddle {

void check_states(const MatrixView& states, Index step, Index first, const TrainingTask& task) {
    if (states.allFinite()) return;
    for (Index i = 0; i < states.cols(); ++i)
        for (Index unit = 0; unit < states.rows(); ++unit)
            if (!std::isfinite(states(unit, i)))
                throw DomainError("states: the state of unit " + std::to_string(unit) +
                                  " in trial " + std::to_string(first + i) +
                                  " is not finite at step " + std::to_string(step) + " of " +
                                  std::to_string(task.steps) +
                                  "; smaller weights or fewer steps would work");
}

void check_costate(const MatrixView& costate, Index step) {
    if (costate.allFinite()) return;
    throw DomainError("gradient: it is no longer finite at step " + std::to_string(step) +
                      ", followed back in time; a window of fewer steps or smaller weights would "
                      "work");
}

void check_loss(const TrainingLoss& loss) {
    if (std::isfinite(loss.value)) return;
    throw DomainError(
        "loss: it is not finite, though every state is; smaller weights or fewer "
        "steps would work");
}

}  // namespace heddle
