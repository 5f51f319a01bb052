#pragma once

#include "train/tasks/phases.hpp"

/// The inputs, gates and gain weights that tell a network which motif to perform.
namespace heddle {

/// Gives the task its inputs, gates or gain weights, all 0.
void open_cues(const MotifProduction& production, TrainingTask& task);

/// Cues of one phase of trial i; the motif's own stays on until the step `until`.
void write_cues(const MotifProduction& production, const MotifPhase& phase, Index until, Index i,
                TrainingTask& task);

/// \throws ShapeError unless the task has the cues that `production` says.
void check_cues(const MotifProduction& production, const TrainingTask& task);

/// The motif whose cue is on at `step`. \throws DomainError if there is none.
[[nodiscard]] Index read_cue(const MotifProduction& production, const TrainingTask& task,
                             Index step, Index trial);

}  // namespace heddle
