#include "heddle/train/tasks/delayed_reach.hpp"

#include <cmath>

#include "network/checks.hpp"
#include "train/tasks/pointing.hpp"

namespace heddle {
namespace {

void check(const DelayedReach& reach, const TaskBatch& batch) {
    check_task_step(reach.h);
    check_pointing(reach.directions, reach.tolerance);
    check_positive(reach.distance, "distance");
    check_duration(reach.baseline, "baseline", reach.h);
    check_durations(reach.shortest_delay, reach.longest_delay, "_delay", reach.h);
    check_duration(reach.reaction, "reaction", reach.h);
    check_duration(reach.movement, "movement", reach.h, 1);
    check_duration(reach.hold, "hold", reach.h, 1);
    check_batch(batch);
}

PointingTrial draw(const DelayedReach& reach, const TaskBatch& batch, Index trial) {
    const TrialRandom random("delayed reach", batch, trial);
    const Index delay = random.between(steps_of(reach.shortest_delay, reach.h),
                                       steps_of(reach.longest_delay, reach.h), 1);
    return {draw_angle(reach.directions, random), delay, steps_of(reach.baseline, reach.h) + delay};
}

/// 10 s³ − 15 s⁴ + 6 s⁵ within [0, 1], 0 before and 1 after.
double least_jerk(double s) {
    if (s <= 0.0) return 0.0;
    if (s >= 1.0) return 1.0;
    return s * s * s * (10.0 + s * (6.0 * s - 15.0));
}

void write(const DelayedReach& reach, const PointingTrial& trial, Index i, TrainingTask& task) {
    const Vector place = reach.distance * Vector{{std::cos(trial.angle), std::sin(trial.angle)}};
    const Index appears = steps_of(reach.baseline, reach.h);
    const Index moves = trial.go + steps_of(reach.reaction, reach.h);
    const auto movement = static_cast<double>(steps_of(reach.movement, reach.h));
    for (Index t = 0; t < task.steps; ++t) {
        const Index column = t * task.trials + i;
        if (t >= appears) task.inputs.col(column).head(2) = place;
        if (t < trial.go) task.inputs(2, column) = 1.0;
    }
    for (Index t = moves; t <= task.steps; ++t)
        task.targets.col(t * task.trials + i) =
            least_jerk(static_cast<double>(t - moves) / movement) * place;
}

}  // namespace

TrainingTask make_task(const DelayedReach& reach, const TaskBatch& batch) {
    check(reach, batch);
    Index steps = 0;
    for (const double part :
         {reach.baseline, reach.longest_delay, reach.reaction, reach.movement, reach.hold})
        steps += steps_of(part, reach.h);
    TrainingTask task = blank_task(reach.h, steps, batch.trials, 3, 2);
    for (Index i = 0; i < batch.trials; ++i) write(reach, draw(reach, batch, i), i, task);
    return task;
}

TrialConditions trial_conditions(const DelayedReach& reach, const TaskBatch& batch) {
    check(reach, batch);
    std::vector<PointingTrial> trials;
    for (Index i = 0; i < batch.trials; ++i) trials.push_back(draw(reach, batch, i));
    return pointing_conditions(trials, reach.h);
}

TaskScore task_score(const DelayedReach& reach, const TrainingTask& task,
                     const MatrixView& outputs) {
    check(reach, {});
    return pointing_score(task, outputs, steps_of(reach.hold, reach.h),
                          reach.tolerance * reach.distance);
}

}  // namespace heddle
