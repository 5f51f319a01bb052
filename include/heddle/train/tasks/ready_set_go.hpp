#pragma once

#include "heddle/train/tasks/trials.hpp"

namespace heddle {

/// Ready–set–go: two pulses, ready and set, show an interval; the network must go when g times
/// that interval has passed since set. With the asked interval a,
///
///     y*(t) = 0 until set ,   (t − set) / a after ,
///
/// and go is where the output crosses 1. The target runs on to 1 + overshoot, so that the
/// crossing is well defined; what comes then does not count.
///
/// Inputs: 0 the pulses, of height 1 and `pulse` seconds; 1 the gain g, always. Output: the ramp.
///
/// Conditions: interval (shown, s), gain, ready (when, s).
/// Measure: produced minus asked interval, s; the produced one is the time from set to where the
/// output, straight between samples, first reaches 1, and ∞ if it never does. Correct: |measure|
/// is at most `tolerance` times the asked interval. Parts: asked and produced interval, s.
///
/// \see Jazayeri & Shadlen (2010), Nat Neurosci 13:1020, for the task; Remington, Narain,
///      Hosseini & Jazayeri (2018), Neuron 98:1005, for gains (1 and 1.5) and these intervals.
///      Ramp, tolerance and other durations are ours.
struct ReadySetGo {
    double h = 0.01;               ///< Step, s.
    double shortest = 0.5;         ///< Shown intervals, s: `intervals` of them, evenly spaced
    double longest = 1.0;          ///< from shortest to longest, or
    Index intervals = 7;           ///< any between them, if this is 0; in whole steps.
    Vector gains = Vector{{1.0}};  ///< g, above 0; each trial has one of them.
    double shortest_wait = 0.2;    ///< Until ready, s: evenly distributed
    double longest_wait = 0.6;     ///< between these two, in whole steps.
    double pulse = 0.05;           ///< s; below the shortest interval.
    double overshoot = 0.2;        ///< Above 0.
    double tolerance = 0.2;
};

/// \throws DomainError for durations that are not finite, below 0 or, of pulse and intervals,
///         shorter than a step; a pulse that outlasts the shortest interval; gains, overshoot or
///         tolerance that are not above 0.
/// \cost   O(steps · trials).
[[nodiscard]] TrainingTask make_task(const ReadySetGo& timing, const TaskBatch& batch);
[[nodiscard]] TrialConditions trial_conditions(const ReadySetGo& timing, const TaskBatch& batch);

/// \param outputs  y, shape (1, (steps + 1) · trials), as the task's targets.
/// \throws ShapeError for outputs, or a task, of another shape; DomainError for outputs that are
///         not finite, and a task without two pulses in each trial.
[[nodiscard]] TaskScore task_score(const ReadySetGo& timing, const TrainingTask& task,
                                   const MatrixView& outputs);

}  // namespace heddle
