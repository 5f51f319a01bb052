#pragma once

#include "heddle/train/tasks/trials.hpp"

namespace heddle {

/// The flip-flop: k bits, each set by pulses of its own input, and held by its own output,
///
///     y*_c(t) = sign of the last pulse of input c that began before t .
///
/// All inputs have a first pulse at 0. From one onset to the next passes pulse + settle + E, E
/// exponentially distributed, `interval` seconds on average; the last one leaves pulse + settle
/// until the end.
///
/// Inputs and outputs: one for each bit; pulses have height ±1. Nothing counts from the onset of
/// a pulse, of any bit, until pulse + settle seconds after it.
///
/// Conditions: pulses, how many in all.
/// Measure: fraction of the bits, over bits and samples that count, whose output has the sign of
/// its target. Correct: all have. Parts: that fraction for each bit. A silent network has 0, a
/// coin half.
///
/// \see Sussillo & Barak (2013), Neural Computation 25(3):626: three bits. Durations are ours.
struct FlipFlop {
    double h = 0.01;        ///< Step, s.
    Index bits = 3;         ///< k.
    double duration = 6.0;  ///< Of a trial, s.
    double pulse = 0.05;    ///< Of a pulse, s.
    double settle = 0.15;   ///< To answer in, after a pulse, s.
    double interval = 1.5;  ///< Mean time between onsets in one input, s; above pulse + settle.
};

/// \throws DomainError for durations that are not finite or, but for `settle`, shorter than a
///         step; an interval or a duration below pulse + settle.
/// \cost   O(steps · trials · bits).
[[nodiscard]] TrainingTask make_task(const FlipFlop& flip_flop, const TaskBatch& batch);
[[nodiscard]] TrialConditions trial_conditions(const FlipFlop& flip_flop, const TaskBatch& batch);

/// \param outputs  y, shape (bits, (steps + 1) · trials), as the task's targets.
/// \throws ShapeError for outputs, or a task, of another shape; DomainError for outputs that are
///         not finite.
[[nodiscard]] TaskScore task_score(const FlipFlop& flip_flop, const TrainingTask& task,
                                   const MatrixView& outputs);

}  // namespace heddle
