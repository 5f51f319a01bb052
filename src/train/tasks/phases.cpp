#include "train/tasks/phases.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "heddle/core/error.hpp"
#include "network/checks.hpp"
#include "train/tasks/cues.hpp"
#include "train/tasks/timeline.hpp"

namespace heddle {
namespace {

/// Whole steps within the motif.
Index length_of(const Motif& motif, double h) {
    return static_cast<Index>(std::floor(duration(motif) / h * (1.0 + 1e-12) + 1e-9));
}

void check_motifs(const MotifProduction& production) {
    if (production.motifs.empty()) throw DomainError("motifs: found none, expected at least one");
    const Index channels = production.motifs.front().values.cols();
    for (const Motif& motif : production.motifs) {
        validate(motif);
        if (motif.values.cols() != channels)
            throw ShapeError("motifs", std::to_string(channels) + " channels in each",
                             std::to_string(motif.values.cols()) + " in '" + motif.name + "'");
        const Index length = length_of(motif, production.h);
        if (length < 1)
            throw DomainError("h: found " + number_text(production.h) +
                              " s, expected at most the duration of the motif '" + motif.name +
                              "', " + number_text(duration(motif)) + " s");
        if (steps_of(production.grace, production.h) > length)
            throw DomainError("grace: found " + number_text(production.grace) +
                              " s, expected at most the duration of the motif '" + motif.name +
                              "', " + number_text(duration(motif)) + " s");
    }
}

/// The motif at t = j h, straight between its samples: shape (channels, length + 1).
Matrix sampled(const Motif& motif, double h) {
    const Index last = motif.values.rows() - 1;
    Matrix samples(motif.values.cols(), length_of(motif, h) + 1);
    for (Index j = 0; j < samples.cols(); ++j) {
        const double place = static_cast<double>(j) * h / motif.dt;
        const Index before = std::min(static_cast<Index>(place * (1.0 + 1e-12) + 1e-9), last);
        const double part = std::max(place - static_cast<double>(before), 0.0);
        samples.col(j) = motif.values.row(before).transpose();
        if (before < last && part > 1e-9)
            samples.col(j) +=
                part * (motif.values.row(before + 1) - motif.values.row(before)).transpose();
    }
    return samples;
}

/// The first sample of a phase that counts. A state that ends another motif is that motif's.
Index first_counted(const MotifProduction& production, const MotifPhase& phase) {
    const bool taken = phase.begin > 0 && phase.begin == phase.start;
    const Index grace = steps_of(production.grace, production.h);
    return std::max(grace, Index{taken ? 1 : 0});
}

void write_targets(const MatrixView& samples, const MotifPhase& phase, Index first, Index i,
                   TrainingTask& task) {
    for (Index t = phase.start + first; t <= phase.end; ++t) {
        task.targets.col(t * task.trials + i) = samples.col(t - phase.start);
        task.weights(t, i) = 1.0;
    }
}

void draw_start(const MotifProduction& production, const TaskBatch& batch, TrainingTask& task) {
    task.start.resize(production.units, task.trials);
    for (Index i = 0; i < task.trials; ++i)
        TrialRandom("motif production", batch, i)
            .fill_normal({task.start.col(i).data(), static_cast<std::size_t>(production.units)});
    task.start *= production.spread;
}

double phase_error(const MotifProduction& production, const TrainingTask& task,
                   const MatrixView& outputs, const MotifPhase& phase, Index i) {
    const Index first = phase.start + first_counted(production, phase);
    const Index samples = phase.end - first + 1;
    Matrix output(samples, outputs.rows()), target(samples, outputs.rows());
    for (Index j = 0; j < samples; ++j) {
        const Index column = (first + j) * task.trials + i;
        output.row(j) = outputs.col(column).transpose();
        target.row(j) = task.targets.col(column).transpose();
    }
    return std::sqrt(normalised_error(output, target));
}

}  // namespace

void check(const MotifProduction& production, const TaskBatch& batch) {
    check_task_step(production.h);
    check_duration(production.grace, "grace", production.h);
    check_duration(production.preparation, "preparation", production.h);
    check_motifs(production);
    check_radius(production.spread, "spread");
    if (production.units < 0 || (production.spread > 0.0 && production.units == 0))
        throw DomainError("units: found " + std::to_string(production.units) +
                          ", expected the number of the network's units, for the spread of its " +
                          "initial states");
    check_positive(production.failure, "failure");
    check_batch(batch);
}

std::vector<MotifPhase> phases_of(const MotifProduction& production, const MotifOrder& order) {
    const Index preparation = steps_of(production.preparation, production.h);
    std::vector<MotifPhase> phases;
    Index now = 0;
    for (const Index motif : order) {
        const Index start = now + preparation;
        const Index length =
            length_of(production.motifs[static_cast<std::size_t>(motif)], production.h);
        phases.push_back({motif, now, start, start + length});
        now = start + length;
    }
    return phases;
}

TrainingTask task_of(const MotifProduction& production, const TaskBatch& batch,
                     const std::vector<MotifOrder>& orders) {
    std::vector<std::vector<MotifPhase>> trials;
    Index steps = 0;
    for (const MotifOrder& order : orders) {
        trials.push_back(phases_of(production, order));
        steps = std::max(steps, trials.back().back().end);
    }
    TrainingTask task =
        blank_task(production.h, steps, batch.trials, 0, production.motifs.front().values.cols());
    task.weights.setZero();
    open_cues(production, task);
    std::vector<Matrix> samples;
    for (const Motif& motif : production.motifs) samples.push_back(sampled(motif, production.h));
    for (Index i = 0; i < batch.trials; ++i) {
        const auto& phases = trials[static_cast<std::size_t>(i)];
        for (std::size_t k = 0; k < phases.size(); ++k) {
            const MotifPhase& phase = phases[k];
            const Index until = k + 1 < phases.size() ? phases[k + 1].begin : steps;
            write_cues(production, phase, until, i, task);
            write_targets(samples[static_cast<std::size_t>(phase.motif)], phase,
                          first_counted(production, phase), i, task);
        }
    }
    if (production.spread > 0.0) draw_start(production, batch, task);
    return task;
}

MotifOrder read_order(const MotifProduction& production, const TrainingTask& task, Index trial,
                      Index length) {
    const Index preparation = steps_of(production.preparation, production.h);
    MotifOrder order;
    Index now = 0;
    for (Index k = 0; k < length; ++k) {
        const Index motif = read_cue(production, task, now + preparation, trial);
        order.push_back(motif);
        now += preparation +
               length_of(production.motifs[static_cast<std::size_t>(motif)], production.h);
        if (now > task.steps)
            throw ShapeError("task.targets", "at least " + std::to_string(now + 1) + " samples",
                             std::to_string(task.steps + 1));
    }
    return order;
}

TaskScore score_of(const MotifProduction& production, const TrainingTask& task,
                   const MatrixView& outputs, Index length) {
    check_outputs(task, outputs, production.motifs.front().values.cols());
    check_cues(production, task);
    TaskScore score = blank_score(task.trials, length);
    for (Index i = 0; i < task.trials; ++i) {
        const auto phases = phases_of(production, read_order(production, task, i, length));
        for (Index k = 0; k < length; ++k)
            score.parts(i, k) =
                phase_error(production, task, outputs, phases[static_cast<std::size_t>(k)], i);
        score.measure(i) = score.parts.row(i).mean();
        score.correct(i) = (score.parts.row(i).array() <= production.failure).all() ? 1.0 : 0.0;
    }
    summarise(score);
    return score;
}

}  // namespace heddle
