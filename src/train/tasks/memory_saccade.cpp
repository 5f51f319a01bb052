#include "heddle/train/tasks/memory_saccade.hpp"

#include <cmath>

#include "train/tasks/pointing.hpp"

namespace heddle {
namespace {

void check(const MemorySaccade& saccade, const TaskBatch& batch) {
    check_task_step(saccade.h);
    check_pointing(saccade.directions, saccade.tolerance);
    check_duration(saccade.fixation, "fixation", saccade.h);
    check_duration(saccade.cue, "cue", saccade.h, 1);
    check_durations(saccade.shortest_delay, saccade.longest_delay, "_delay", saccade.h);
    check_duration(saccade.grace, "grace", saccade.h);
    check_duration(saccade.response, "response", saccade.h, steps_of(saccade.grace, saccade.h) + 1);
    check_batch(batch);
}

PointingTrial draw(const MemorySaccade& saccade, const TaskBatch& batch, Index trial) {
    const TrialRandom random("memory-guided saccade", batch, trial);
    const Index delay = random.between(steps_of(saccade.shortest_delay, saccade.h),
                                       steps_of(saccade.longest_delay, saccade.h), 1);
    const Index shown = steps_of(saccade.fixation, saccade.h) + steps_of(saccade.cue, saccade.h);
    return {draw_angle(saccade.directions, random), delay, shown + delay};
}

void write(const MemorySaccade& saccade, const PointingTrial& trial, Index i, TrainingTask& task) {
    const Vector place{{std::cos(trial.angle), std::sin(trial.angle)}};
    const Index begins = steps_of(saccade.fixation, saccade.h);
    const Index ends = begins + steps_of(saccade.cue, saccade.h);
    const Index counts = trial.go + steps_of(saccade.grace, saccade.h);
    for (Index t = 0; t < task.steps; ++t) {
        const Index column = t * task.trials + i;
        if (t >= begins && t < ends) task.inputs.col(column).head(2) = place;
        if (t < trial.go) task.inputs(2, column) = 1.0;
    }
    for (Index t = trial.go + 1; t <= task.steps; ++t) {
        task.targets.col(t * task.trials + i) = place;
        if (t <= counts) task.weights(t, i) = 0.0;
    }
}

}  // namespace

TrainingTask make_task(const MemorySaccade& saccade, const TaskBatch& batch) {
    check(saccade, batch);
    Index steps = 0;
    for (const double part :
         {saccade.fixation, saccade.cue, saccade.longest_delay, saccade.response})
        steps += steps_of(part, saccade.h);
    TrainingTask task = blank_task(saccade.h, steps, batch.trials, 3, 2);
    for (Index i = 0; i < batch.trials; ++i) write(saccade, draw(saccade, batch, i), i, task);
    return task;
}

TrialConditions trial_conditions(const MemorySaccade& saccade, const TaskBatch& batch) {
    check(saccade, batch);
    std::vector<PointingTrial> trials;
    for (Index i = 0; i < batch.trials; ++i) trials.push_back(draw(saccade, batch, i));
    return pointing_conditions(trials, saccade.h);
}

TaskScore task_score(const MemorySaccade& saccade, const TrainingTask& task,
                     const MatrixView& outputs) {
    check(saccade, {});
    const Index samples =
        steps_of(saccade.response, saccade.h) - steps_of(saccade.grace, saccade.h);
    return pointing_score(task, outputs, samples, saccade.tolerance);
}

}  // namespace heddle
