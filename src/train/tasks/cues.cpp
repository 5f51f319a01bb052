#include "train/tasks/cues.hpp"

#include <algorithm>
#include <string>

#include "heddle/core/error.hpp"
#include "train/tasks/timeline.hpp"

namespace heddle {
namespace {

/// How many inputs, gates and gain weights a production has.
struct CueCounts {
    Index inputs, gates, gains;
};

bool prepares(const MotifProduction& production) {
    return steps_of(production.preparation, production.h) > 0;
}

CueCounts counts_of(const MotifProduction& production) {
    const auto motifs = static_cast<Index>(production.motifs.size());
    const bool prepared = prepares(production);
    const Index all = motifs + (prepared ? 1 : 0);
    return {(production.cue == MotifCue::input ? motifs : 0) + (prepared ? motifs : 0),
            production.cue == MotifCue::gate ? all : 0, production.cue == MotifCue::gain ? all : 0};
}

/// Row of the input that announces a motif while it is prepared.
Index announcing(const MotifProduction& production, Index motif) {
    const auto motifs = static_cast<Index>(production.motifs.size());
    return production.cue == MotifCue::input ? motifs + motif : motif;
}

/// Gate or gain weight `k` at a step.
void switch_on(const MotifProduction& production, Index k, Index step, Index i,
               TrainingTask& task) {
    if (production.cue == MotifCue::gate) task.gates[static_cast<std::size_t>(k)](step, i) = 1.0;
    if (production.cue == MotifCue::gain) task.gain_weights(k, step * task.trials + i) = 1.0;
}

void require_count(Index found, Index expected, const char* name) {
    if (found == expected) return;
    throw ShapeError(name, std::to_string(expected) + ", as the motifs' cues need",
                     std::to_string(found));
}

double cue_at(const MotifProduction& production, const TrainingTask& task, Index motif, Index step,
              Index i) {
    const Index column = step * task.trials + i;
    switch (production.cue) {
        case MotifCue::input:
            return task.inputs(motif, column);
        case MotifCue::gate:
            return task.gates[static_cast<std::size_t>(motif)](step, i);
        case MotifCue::gain:
            return task.gain_weights(motif, column);
    }
    return 0.0;
}

}  // namespace

void open_cues(const MotifProduction& production, TrainingTask& task) {
    const CueCounts counts = counts_of(production);
    if (counts.inputs > 0) task.inputs = Matrix::Zero(counts.inputs, task.steps * task.trials);
    task.gates.assign(static_cast<std::size_t>(counts.gates),
                      Matrix::Zero(task.steps, task.trials));
    if (counts.gains > 0)
        task.gain_weights = Matrix::Zero(counts.gains, (task.steps + 1) * task.trials);
}

void write_cues(const MotifProduction& production, const MotifPhase& phase, Index until, Index i,
                TrainingTask& task) {
    const auto motifs = static_cast<Index>(production.motifs.size());
    for (Index t = phase.begin; t < phase.start; ++t) {
        task.inputs(announcing(production, phase.motif), t * task.trials + i) = 1.0;
        switch_on(production, motifs, t, i, task);
    }
    for (Index t = phase.start; t < until; ++t) {
        if (production.cue == MotifCue::input) task.inputs(phase.motif, t * task.trials + i) = 1.0;
        switch_on(production, phase.motif, t, i, task);
    }
    if (production.cue == MotifCue::gain && until == task.steps)
        task.gain_weights(phase.motif, until * task.trials + i) = 1.0;
}

void check_cues(const MotifProduction& production, const TrainingTask& task) {
    const CueCounts counts = counts_of(production);
    check_task_inputs(task, counts.inputs);
    require_count(static_cast<Index>(task.gates.size()), counts.gates, "task.gates");
    for (const Matrix& gate : task.gates)
        if (gate.rows() != task.steps || gate.cols() != task.trials)
            throw ShapeError("task.gates", shape_text(task.steps, task.trials),
                             shape_text(gate.rows(), gate.cols()));
    require_count(task.gain_weights.rows(), counts.gains, "task.gain_weights");
    if (counts.gains > 0)
        require_count(task.gain_weights.cols(), (task.steps + 1) * task.trials,
                      "task.gain_weights");
}

Index read_cue(const MotifProduction& production, const TrainingTask& task, Index step,
               Index trial) {
    const auto motifs = static_cast<Index>(production.motifs.size());
    if (step < task.steps)
        for (Index k = 0; k < motifs; ++k)
            if (cue_at(production, task, k, step, trial) > 0.5) return k;
    throw DomainError("task: found no motif's cue at step " + std::to_string(step) + " of trial " +
                      std::to_string(trial) + ", expected the cue of one");
}

}  // namespace heddle
