#pragma once

#include <string_view>

#include "heddle/core/random.hpp"
#include "heddle/train/tasks/trials.hpp"

/// What the tasks are made with: steps of durations, draws of trials, checks, scores.
namespace heddle {

/// A duration in whole steps, the nearest.
[[nodiscard]] Index steps_of(double duration, double h);

/// \throws DomainError unless h is finite and above 0.
void check_task_step(double h);
/// \throws DomainError unless `duration` is finite, 0 or more, and at least `least` steps of h.
void check_duration(double duration, const char* name, double h, Index least = 0);
/// \throws DomainError unless both are durations, the first no longer than the second.
void check_durations(double shortest, double longest, const char* name, double h, Index least = 0);
/// \throws DomainError unless there is at least one trial, and not more than can be numbered.
void check_batch(const TaskBatch& batch);

/// What is drawn for one trial of one task: number k is a function of task, seed, batch and trial.
class TrialRandom final {
  public:
    TrialRandom(std::string_view task, const TaskBatch& batch, Index trial) noexcept;

    /// Uniform on (0, 1), k < 2³¹.
    [[nodiscard]] double uniform(Index k) const noexcept;
    /// Uniform on 0 … n − 1.
    [[nodiscard]] Index below(Index n, Index k) const noexcept;
    /// Uniform on first … last.
    [[nodiscard]] Index between(Index first, Index last, Index k) const noexcept;
    /// 1 or −1.
    [[nodiscard]] double sign(Index k) const noexcept;
    /// Standard normals, apart from the uniforms.
    void fill_normal(std::span<double> out) const noexcept;

  private:
    Random random_;
    std::uint64_t first_;
};

/// Inputs and targets of 0, weights of 1.
[[nodiscard]] TrainingTask blank_task(double h, Index steps, Index trials, Index inputs,
                                      Index outputs);

/// \throws ShapeError unless task and outputs have `rows` rows and as many columns as states;
///         DomainError for outputs that are not finite.
void check_outputs(const TrainingTask& task, const MatrixView& outputs, Index rows);
/// \throws ShapeError unless the task has `rows` inputs at each step.
void check_task_inputs(const TrainingTask& task, Index rows);

/// A score with nothing in it yet, of `parts` more numbers a trial.
[[nodiscard]] TaskScore blank_score(Index trials, Index parts = 0);
/// Fills in what is over trials from `correct` and `measure`.
void summarise(TaskScore& score);

}  // namespace heddle
