#pragma once

#include <functional>

#include "loops/motif_cost.hpp"

namespace heddle {

/// One start and where it ended.
struct Descent {
    LoopVariables start, end;
    double start_cost = 0.0, cost = 0.0, slope = 0.0;
    int evaluations = 0;
};

/// Goes down from `descent.start`, whose cost is finite, by L-BFGS on ln cost; `tick` is told of
/// every evaluation and may throw to stop.
void descend(Descent& descent, const MotifCost& cost, const RobustMotifOptions& options,
             const std::function<void()>& tick);

}  // namespace heddle
