#include "train/tasks/pointing.hpp"

#include <numbers>
#include <string>

#include "heddle/core/error.hpp"
#include "network/checks.hpp"

namespace heddle {
namespace {

constexpr Index waiting = 2;  // the input that says to wait

/// The first step at which the cue to wait is off.
Index go_of(const TrainingTask& task, Index trial) {
    Index go = 0;
    while (go < task.steps && task.inputs(waiting, go * task.trials + trial) > 0.5) ++go;
    return go;
}

bool waited(const TrainingTask& task, const MatrixView& outputs, Index trial, double radius) {
    const Index go = go_of(task, trial);
    for (Index t = 0; t <= go; ++t)
        if (!(outputs.col(t * task.trials + trial).norm() <= radius)) return false;
    return true;
}

}  // namespace

double draw_angle(Index directions, const TrialRandom& random) {
    const double turn = 2.0 * std::numbers::pi;
    if (directions == 0) return turn * random.uniform(0);
    return turn * static_cast<double>(random.below(directions, 0)) /
           static_cast<double>(directions);
}

void check_pointing(Index directions, double tolerance) {
    if (directions < 0)
        throw DomainError("directions: found " + std::to_string(directions) +
                          ", expected at least 1, or 0 for any");
    check_positive(tolerance, "tolerance");
}

TrialConditions pointing_conditions(const std::vector<PointingTrial>& trials, double h) {
    TrialConditions found{{"angle", "delay"}, Matrix(static_cast<Index>(trials.size()), 2)};
    for (std::size_t i = 0; i < trials.size(); ++i) {
        found.values(static_cast<Index>(i), 0) = trials[i].angle;
        found.values(static_cast<Index>(i), 1) = static_cast<double>(trials[i].delay) * h;
    }
    return found;
}

TaskScore pointing_score(const TrainingTask& task, const MatrixView& outputs, Index samples,
                         double radius) {
    check_outputs(task, outputs, 2);
    check_task_inputs(task, 3);
    if (samples > task.steps + 1)
        throw ShapeError("task.targets", "at least " + std::to_string(samples) + " samples",
                         std::to_string(task.steps + 1));
    TaskScore score = blank_score(task.trials);
    for (Index i = 0; i < task.trials; ++i) {
        Vector end = Vector::Zero(2);
        for (Index t = task.steps + 1 - samples; t <= task.steps; ++t)
            end += outputs.col(t * task.trials + i);
        end /= static_cast<double>(samples);
        score.measure(i) = (end - task.targets.col(task.steps * task.trials + i)).norm();
        const bool near = score.measure(i) <= radius;
        score.correct(i) = near && waited(task, outputs, i, radius) ? 1.0 : 0.0;
    }
    summarise(score);
    return score;
}

}  // namespace heddle
