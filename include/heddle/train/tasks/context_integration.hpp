#pragma once

#include "heddle/train/tasks/trials.hpp"

namespace heddle {

/// Context-dependent integration of evidence. Two streams, of motion and of colour, carry
/// evidence of strengths c for one of two choices each, in white noise of intensity σ²,
///
///     u(t) = c + σ ξ(t) ,   a sample of which is N(c, σ² / h) ,
///
/// and a context says which one to judge: the answer is the sign of its c.
///
/// Inputs: 0 motion, 1 colour, while the stimulus lasts; 2, 3 the context, motion or colour,
/// always. Output: 0 in the fixation, the answer ±1 in the response; nothing counts between.
/// Strengths are drawn from `strengths` with either sign, for each stream by itself.
///
/// Conditions: context (0 motion, 1 colour), motion, colour (the c), answer (±1).
/// Measure: mean output of the response, times the answer. Correct: that is above 0, so a silent
/// network is never right and a coin half of the time. Who sums the right stream and nothing else
/// is right with probability Φ(|c| √stimulus / σ), the best there is.
///
/// \see Mante, Sussillo, Shenoy & Newsome (2013), Nature 503:78: two streams of 0.75 s. Noise,
///      other durations and the strengths, near theirs, are ours.
struct ContextIntegration {
    double h = 0.01;                               ///< Step, s.
    double fixation = 0.1;                         ///< Before the stimulus, s.
    double stimulus = 0.75;                        ///< Of both streams, s.
    double delay = 0.1;                            ///< From the stimulus to the response, s.
    double response = 0.1;                         ///< At the end, s.
    Vector strengths = Vector{{0.05, 0.15, 0.5}};  ///< |c|, above 0.
    double noise = 0.1;                            ///< σ, √s.
};

/// \throws DomainError for durations that are not finite, below 0 or, of stimulus and response,
///         shorter than a step; no strengths, or one that is not above 0; a noise below 0.
/// \cost   O(steps · trials).
[[nodiscard]] TrainingTask make_task(const ContextIntegration& integration, const TaskBatch& batch);
[[nodiscard]] TrialConditions trial_conditions(const ContextIntegration& integration,
                                               const TaskBatch& batch);

/// \param outputs  y, shape (1, (steps + 1) · trials), as the task's targets.
/// \throws ShapeError for outputs, or a task, of another shape; DomainError for outputs that are
///         not finite.
[[nodiscard]] TaskScore task_score(const ContextIntegration& integration, const TrainingTask& task,
                                   const MatrixView& outputs);

}  // namespace heddle
