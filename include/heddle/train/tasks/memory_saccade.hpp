#pragma once

#include "heddle/train/tasks/trials.hpp"

namespace heddle {

/// Memory-guided saccade (oculomotor delayed response). A target flashes while the eyes fixate;
/// when the fixation point goes off, after a delay, they must look where it was.
///
///     y*(t) = 0 until go ,  p after ,
///
/// where p is the target's place on the unit circle.
///
/// Inputs: 0, 1 the target p, while it is shown; 2 the fixation point, 1 until go. Outputs: x and
/// y of the gaze. Nothing counts for `grace` seconds after go; all else does. A trial with a
/// shorter delay looks longer.
///
/// Conditions: angle (rad), delay (s).
/// Measure: distance of the mean output of the last `response − grace` seconds from the target.
/// Correct: that distance is at most `tolerance`, and so was that from the centre, always, until
/// go.
///
/// \see Funahashi, Bruce & Goldman-Rakic (1989), J Neurophysiol 61(2):331: eight targets,
///      fixation 0.75 s, cue 0.5 s, delays from 1.5 s. The longest delay here is half of theirs,
///      and the response ours.
struct MemorySaccade {
    double h = 0.01;              ///< Step, s.
    Index directions = 8;         ///< Evenly spaced, the first along x; 0: anywhere on the circle.
    double fixation = 0.75;       ///< Before the target is shown, s.
    double cue = 0.5;             ///< How long it is shown, s.
    double shortest_delay = 1.5;  ///< From its end to go, s: evenly distributed
    double longest_delay = 3.0;   ///< between these two, in whole steps.
    double grace = 0.1;           ///< After go, s.
    double response = 0.5;        ///< From go to the end, at least, s.
    double tolerance = 0.3;
};

/// \throws DomainError for durations that are not finite, below 0 or, of the cue and what the
///         grace leaves of the response, shorter than a step.
/// \cost   O(steps · trials).
[[nodiscard]] TrainingTask make_task(const MemorySaccade& saccade, const TaskBatch& batch);
[[nodiscard]] TrialConditions trial_conditions(const MemorySaccade& saccade,
                                               const TaskBatch& batch);

/// \param outputs  y, shape (2, (steps + 1) · trials), as the task's targets.
/// \throws ShapeError for outputs, or a task, of another shape; DomainError for outputs that are
///         not finite.
[[nodiscard]] TaskScore task_score(const MemorySaccade& saccade, const TrainingTask& task,
                                   const MatrixView& outputs);

}  // namespace heddle
