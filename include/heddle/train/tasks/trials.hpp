#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "heddle/train/task.hpp"

/// What all tasks share. A task is a plain value T of options, and for each there are
///
///     TrainingTask    make_task(const T&, const TaskBatch&);                  // what is asked
///     TrialConditions trial_conditions(const T&, const TaskBatch&);           // what was drawn
///     TaskScore       task_score(const T&, const TrainingTask&, outputs);     // how it was done
///
/// Input s_t acts from step t to t + 1, so an output can answer it at state t + 1, time (t + 1)
/// h. Durations are rounded to steps. Each function throws DomainError naming the option, what
/// was found and what would work, before anything is drawn.
namespace heddle {

/// Which trials. Trial i of batch b depends on (seed, b, i) and the task's options alone: neither
/// on the number of trials nor on what was drawn before, so that training resumes to the same
/// bits.
struct TaskBatch {
    Index trials = 64;        ///< At least 1, at most 2³².
    std::uint64_t seed = 0;   ///< Source of everything that is drawn.
    std::uint64_t batch = 0;  ///< Say the step of training.
};

/// What was drawn, a named column each.
struct TrialConditions {
    std::vector<std::string> names;
    Matrix values;  ///< Shape (trials, names).
};

/// How well trials were done. What is measured, and what makes a trial correct, each task says.
struct TaskScore {
    Vector correct;  ///< 1 or 0, shape (trials,).
    Vector measure;  ///< The task's measure of each trial, shape (trials,); ∞ where the network
                     ///< gave no answer.
    Matrix parts;    ///< More numbers of each trial where the task has them, shape (trials, p).

    double fraction_correct = 0.0;
    double fraction_error = 0.0;  ///< Its standard error over trials, √(p (1 − p) / trials).
    Index answered = 0;           ///< Trials that gave an answer.
    double mean_measure = 0.0;    ///< Mean over those; ∞ if there is none.
    double mean_error = 0.0;      ///< Its standard error; 0 for fewer than two.
};

}  // namespace heddle
