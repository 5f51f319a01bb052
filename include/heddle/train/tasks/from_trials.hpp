#pragma once

#include <vector>

#include "heddle/train/tasks/trials.hpp"

namespace heddle {

/// One trial as arrays.
struct TrialArrays {
    Matrix inputs;   ///< s, shape (k, T); empty without inputs.
    Matrix targets;  ///< y*, shape (d, T + 1): the initial state has a sample, too.
    Vector weights;  ///< m ≥ 0, shape (T + 1,); empty: all 1.
};

/// A task of trials that are given as arrays.
///
/// \throws DomainError for no trials or a step not above 0; ShapeError naming the trial, for
///         example trials[3].targets: all trials need the lengths and channels of the first one.
///         Trials of unequal length are not cut nor filled here: `pad_trials` does.
/// \cost   O(steps · trials).
[[nodiscard]] TrainingTask task_from_trials(double h, const std::vector<TrialArrays>& trials);

/// Trials of the length of the longest: inputs and targets go on as 0 with weights 0, so that
/// what is added does not count.
///
/// \throws DomainError for no trials; ShapeError for a trial whose own arrays differ in length.
[[nodiscard]] std::vector<TrialArrays> pad_trials(std::vector<TrialArrays> trials);

/// The score of any task. Measure: √(Σ ‖y − y*‖² / Σ ‖y* − mean y*‖²) over the samples whose
/// weight is above 0 (nRMSE), each counted once. Correct: at most `failure`.
///
/// \param outputs  y, shape (d, (steps + 1) · trials), as the task's targets.
/// \throws ShapeError for outputs of another shape; DomainError for outputs that are not finite,
///         a trial in which nothing counts, and a failure that is not above 0.
[[nodiscard]] TaskScore task_score(const TrainingTask& task, const MatrixView& outputs,
                                   double failure = 0.5);

}  // namespace heddle
