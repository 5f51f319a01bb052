#pragma once

#include "heddle/train/tasks/trials.hpp"

namespace heddle {

/// Centre-out reaching after an instructed delay. A target appears on a circle and stays; the
/// hand must rest at the centre until the hold signal goes off, and then reach the target with
/// least jerk. With s = (t − go − reaction) / movement in [0, 1] and the target at p,
///
///     y*(t) = p (10 s³ − 15 s⁴ + 6 s⁵) ,   0 before, p after.
///
/// Inputs: 0, 1 the target p, from its appearance to the end; 2 the hold signal, 1 until go.
/// Outputs: x and y of the hand. All samples count. A trial with a shorter delay holds longer.
///
/// Conditions: angle (rad), delay (s).
/// Measure: distance of the mean output of the last `hold` seconds from the target. Correct: that
/// distance is at most `tolerance`, and the hand stayed within `tolerance` of the centre until
/// go.
///
/// \see Churchland et al. (2012), Nature 487:51, for the task and delays of up to 1 s; Flash &
///      Hogan (1985), J Neurosci 5(7):1688, for the movement. Other durations are ours.
struct DelayedReach {
    double h = 0.01;              ///< Step, s.
    Index directions = 8;         ///< Evenly spaced, the first along x; 0: anywhere on the circle.
    double distance = 1.0;        ///< Of the targets from the centre.
    double baseline = 0.2;        ///< Before the target appears, s.
    double shortest_delay = 0.2;  ///< From the target's appearance to go, s: evenly distributed
    double longest_delay = 1.0;   ///< between these two, in whole steps.
    double reaction = 0.1;        ///< From go to the movement, s.
    double movement = 0.4;        ///< Duration of the movement, s.
    double hold = 0.2;            ///< At the target, at least, s.
    double tolerance = 0.2;       ///< In units of `distance`.
};

/// \throws DomainError for durations that are not finite, below 0 or, of the movement and the
///         hold, shorter than a step.
/// \cost   O(steps · trials).
[[nodiscard]] TrainingTask make_task(const DelayedReach& reach, const TaskBatch& batch);
[[nodiscard]] TrialConditions trial_conditions(const DelayedReach& reach, const TaskBatch& batch);

/// \param outputs  y, shape (2, (steps + 1) · trials), as the task's targets.
/// \throws ShapeError for outputs, or a task, of another shape; DomainError for outputs that are
///         not finite.
[[nodiscard]] TaskScore task_score(const DelayedReach& reach, const TrainingTask& task,
                                   const MatrixView& outputs);

}  // namespace heddle
