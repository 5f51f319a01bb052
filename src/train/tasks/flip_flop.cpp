#include "heddle/train/tasks/flip_flop.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "heddle/core/error.hpp"
#include "network/checks.hpp"
#include "train/tasks/timeline.hpp"

namespace heddle {
namespace {

struct Pulse {
    Index onset;  ///< Step.
    double sign;
};

/// Steps from an onset until all outputs must be right.
Index busy_steps(const FlipFlop& flip_flop) {
    return steps_of(flip_flop.pulse, flip_flop.h) + steps_of(flip_flop.settle, flip_flop.h);
}

void check(const FlipFlop& flip_flop, const TaskBatch& batch) {
    check_task_step(flip_flop.h);
    if (flip_flop.bits < 1 || flip_flop.bits > 1000)
        throw DomainError("bits: found " + std::to_string(flip_flop.bits) +
                          ", expected at least 1, at most 1000");
    check_duration(flip_flop.pulse, "pulse", flip_flop.h, 1);
    check_duration(flip_flop.settle, "settle", flip_flop.h);
    check_duration(flip_flop.duration, "duration", flip_flop.h, busy_steps(flip_flop));
    check_duration(flip_flop.interval, "interval", flip_flop.h, busy_steps(flip_flop) + 1);
    check_batch(batch);
}

/// The pulses of one input: draws 2 j and 2 j + 1, of a million for each bit, are of pulse j.
std::vector<Pulse> draw(const FlipFlop& flip_flop, const TrialRandom& random, Index bit) {
    const Index busy = busy_steps(flip_flop);
    const double mean = flip_flop.interval / flip_flop.h - static_cast<double>(busy);
    const Index last = steps_of(flip_flop.duration, flip_flop.h) - busy;
    std::vector<Pulse> pulses;
    double time = 0.0;  // in steps
    for (Index draw = bit << 21; std::llround(time) <= last; draw += 2) {
        pulses.push_back({static_cast<Index>(std::llround(time)), random.sign(draw)});
        time += static_cast<double>(busy) - mean * std::log(random.uniform(draw + 1));
    }
    return pulses;
}

void write(const FlipFlop& flip_flop, const std::vector<Pulse>& pulses, Index bit, Index i,
           TrainingTask& task) {
    const Index pulse = steps_of(flip_flop.pulse, flip_flop.h);
    const Index busy = busy_steps(flip_flop);
    for (std::size_t j = 0; j < pulses.size(); ++j) {
        const auto [onset, sign] = pulses[j];
        for (Index t = onset; t < onset + pulse; ++t) task.inputs(bit, t * task.trials + i) = sign;
        for (Index t = onset; t < onset + busy; ++t) task.weights(t, i) = 0.0;
        const Index next = j + 1 < pulses.size() ? pulses[j + 1].onset : task.steps;
        for (Index t = onset + 1; t <= next; ++t) task.targets(bit, t * task.trials + i) = sign;
    }
}

}  // namespace

TrainingTask make_task(const FlipFlop& flip_flop, const TaskBatch& batch) {
    check(flip_flop, batch);
    TrainingTask task = blank_task(flip_flop.h, steps_of(flip_flop.duration, flip_flop.h),
                                   batch.trials, flip_flop.bits, flip_flop.bits);
    for (Index i = 0; i < batch.trials; ++i) {
        const TrialRandom random("flip-flop", batch, i);
        for (Index bit = 0; bit < flip_flop.bits; ++bit)
            write(flip_flop, draw(flip_flop, random, bit), bit, i, task);
    }
    return task;
}

TrialConditions trial_conditions(const FlipFlop& flip_flop, const TaskBatch& batch) {
    check(flip_flop, batch);
    TrialConditions found{{"pulses"}, Matrix::Zero(batch.trials, 1)};
    for (Index i = 0; i < batch.trials; ++i) {
        const TrialRandom random("flip-flop", batch, i);
        for (Index bit = 0; bit < flip_flop.bits; ++bit)
            found.values(i, 0) += static_cast<double>(draw(flip_flop, random, bit).size());
    }
    return found;
}

TaskScore task_score(const FlipFlop& flip_flop, const TrainingTask& task,
                     const MatrixView& outputs) {
    check(flip_flop, {});
    check_outputs(task, outputs, flip_flop.bits);
    TaskScore score = blank_score(task.trials, flip_flop.bits);
    for (Index i = 0; i < task.trials; ++i) {
        Index counted = 0;
        for (Index t = 0; t <= task.steps; ++t) {
            if (!(task.weights(t, i) > 0.0)) continue;
            ++counted;
            const auto products = outputs.col(t * task.trials + i).array() *
                                  task.targets.col(t * task.trials + i).array();
            score.parts.row(i) += (products > 0.0).cast<double>().matrix().transpose();
        }
        if (counted == 0)
            throw DomainError("task.weights: found no sample of trial " + std::to_string(i) +
                              " that counts, expected one weight above 0");
        score.parts.row(i) /= static_cast<double>(counted);
        score.measure(i) = score.parts.row(i).mean();
        score.correct(i) = (score.parts.row(i).array() == 1.0).all() ? 1.0 : 0.0;
    }
    summarise(score);
    return score;
}

}  // namespace heddle
