#include "heddle/train/tasks/ready_set_go.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "heddle/core/error.hpp"
#include "network/checks.hpp"
#include "train/tasks/timeline.hpp"

namespace heddle {
namespace {

struct Trial {
    Index ready;     ///< Step at which the first pulse begins.
    Index interval;  ///< Steps from ready to set.
    double gain;
    [[nodiscard]] Index set() const { return ready + interval; }
    [[nodiscard]] double asked() const { return gain * static_cast<double>(interval); }  // steps
};

void check(const ReadySetGo& timing, const TaskBatch& batch) {
    check_task_step(timing.h);
    check_durations(timing.shortest, timing.longest, "", timing.h, 1);
    check_durations(timing.shortest_wait, timing.longest_wait, "_wait", timing.h);
    check_duration(timing.pulse, "pulse", timing.h, 1);
    if (steps_of(timing.pulse, timing.h) >= steps_of(timing.shortest, timing.h))
        throw DomainError("pulse: found " + number_text(timing.pulse) +
                          " s, expected less than shortest = " + number_text(timing.shortest) +
                          " s");
    if (timing.intervals < 0)
        throw DomainError("intervals: found " + std::to_string(timing.intervals) +
                          ", expected at least 1, or 0 for any");
    if (timing.gains.size() == 0)
        throw DomainError("gains: found none, expected at least one, above 0");
    for (const double gain : timing.gains) check_positive(gain, "gains");
    check_positive(timing.overshoot, "overshoot");
    check_positive(timing.tolerance, "tolerance");
    check_batch(batch);
}

Index draw_interval(const ReadySetGo& timing, const TrialRandom& random) {
    const double h = timing.h;
    if (timing.intervals == 0)
        return random.between(steps_of(timing.shortest, h), steps_of(timing.longest, h), 0);
    if (timing.intervals == 1) return steps_of(timing.shortest, h);
    const double part = static_cast<double>(random.below(timing.intervals, 0)) /
                        static_cast<double>(timing.intervals - 1);
    return steps_of(timing.shortest + part * (timing.longest - timing.shortest), h);
}

Trial draw(const ReadySetGo& timing, const TaskBatch& batch, Index i) {
    const TrialRandom random("ready–set–go", batch, i);
    return {random.between(steps_of(timing.shortest_wait, timing.h),
                           steps_of(timing.longest_wait, timing.h), 1),
            draw_interval(timing, random), timing.gains(random.below(timing.gains.size(), 2))};
}

/// Steps from set to the last sample that counts.
Index ramp_of(const ReadySetGo& timing, double asked) {
    return static_cast<Index>(std::ceil((1.0 + timing.overshoot) * asked - 1e-9));
}

void write(const ReadySetGo& timing, const Trial& trial, Index i, TrainingTask& task) {
    const Index pulse = steps_of(timing.pulse, timing.h);
    for (Index t = 0; t < task.steps; ++t) {
        const bool on = (t >= trial.ready && t < trial.ready + pulse) ||
                        (t >= trial.set() && t < trial.set() + pulse);
        task.inputs.col(t * task.trials + i) << (on ? 1.0 : 0.0), trial.gain;
    }
    const Index last = trial.set() + ramp_of(timing, trial.asked());
    for (Index t = trial.set() + 1; t <= task.steps; ++t) {
        const auto passed = static_cast<double>(std::min(t, last) - trial.set());
        task.targets(0, t * task.trials + i) = passed / trial.asked();
        if (t > last) task.weights(t, i) = 0.0;
    }
}

/// Steps at which a trial's pulses begin, from the inputs.
Trial read(const TrainingTask& task, Index i) {
    std::vector<Index> onsets;
    double before = 0.0;
    for (Index t = 0; t < task.steps; ++t) {
        const double now = task.inputs(0, t * task.trials + i);
        if (now > 0.5 && before <= 0.5) onsets.push_back(t);
        before = now;
    }
    if (onsets.size() != 2)
        throw DomainError("task.inputs: found " + std::to_string(onsets.size()) +
                          " pulses in trial " + std::to_string(i) + ", expected ready and set");
    return {onsets[0], onsets[1] - onsets[0], task.inputs(1, i)};
}

/// Steps from set to the output's first crossing of 1; ∞ if there is none.
double crossing(const MatrixView& outputs, const TrainingTask& task, Index set, Index i) {
    const auto output = [&](Index t) { return outputs(0, t * task.trials + i); };
    if (output(set) >= 1.0) return 0.0;
    for (Index t = set + 1; t <= task.steps; ++t)
        if (output(t) >= 1.0)
            return static_cast<double>(t - 1 - set) +
                   (1.0 - output(t - 1)) / (output(t) - output(t - 1));
    return std::numeric_limits<double>::infinity();
}

}  // namespace

TrainingTask make_task(const ReadySetGo& timing, const TaskBatch& batch) {
    check(timing, batch);
    const Index longest = steps_of(timing.longest, timing.h);
    const Index steps = steps_of(timing.longest_wait, timing.h) + longest +
                        ramp_of(timing, timing.gains.maxCoeff() * static_cast<double>(longest));
    TrainingTask task = blank_task(timing.h, steps, batch.trials, 2, 1);
    for (Index i = 0; i < batch.trials; ++i) write(timing, draw(timing, batch, i), i, task);
    return task;
}

TrialConditions trial_conditions(const ReadySetGo& timing, const TaskBatch& batch) {
    check(timing, batch);
    TrialConditions found{{"interval", "gain", "ready"}, Matrix(batch.trials, 3)};
    for (Index i = 0; i < batch.trials; ++i) {
        const Trial trial = draw(timing, batch, i);
        found.values.row(i) << static_cast<double>(trial.interval) * timing.h, trial.gain,
            static_cast<double>(trial.ready) * timing.h;
    }
    return found;
}

TaskScore task_score(const ReadySetGo& timing, const TrainingTask& task,
                     const MatrixView& outputs) {
    check(timing, {});
    check_outputs(task, outputs, 1);
    check_task_inputs(task, 2);
    TaskScore score = blank_score(task.trials, 2);
    for (Index i = 0; i < task.trials; ++i) {
        const Trial trial = read(task, i);
        const double asked = trial.asked() * task.h;
        const double produced = crossing(outputs, task, trial.set(), i) * task.h;
        score.parts.row(i) << asked, produced;
        score.measure(i) = produced - asked;
        score.correct(i) = std::abs(score.measure(i)) <= timing.tolerance * asked ? 1.0 : 0.0;
    }
    summarise(score);
    return score;
}

}  // namespace heddle
