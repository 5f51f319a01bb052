#include "train/tasks/timeline.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "heddle/core/error.hpp"
#include "network/checks.hpp"

namespace heddle {

Index steps_of(double duration, double h) {
    return static_cast<Index>(std::llround(duration / h));
}

void check_task_step(double h) {
    if (h > 0.0 && std::isfinite(h)) return;
    throw DomainError("h: found " + number_text(h) + " s, expected a step above 0");
}

void check_duration(double duration, const char* name, double h, Index least) {
    constexpr double most = 1e9;  // steps: more than any memory holds
    if (duration >= 0.0 && duration / h <= most && steps_of(duration, h) >= least) return;
    throw DomainError(
        std::string(name) + ": found " + number_text(duration) + " s, expected a finite time, " +
        (least == 0 ? "0 or more"
                    : "at least " + number_text(static_cast<double>(least) * h) + " s, " +
                          std::to_string(least) + (least == 1 ? " step" : " steps")));
}

void check_durations(double shortest, double longest, const char* name, double h, Index least) {
    check_duration(shortest, ("shortest" + std::string(name)).c_str(), h, least);
    check_duration(longest, ("longest" + std::string(name)).c_str(), h, least);
    if (shortest > longest)
        throw DomainError("shortest" + std::string(name) + ": found " + number_text(shortest) +
                          " s, expected at most longest" + name + " = " + number_text(longest) +
                          " s");
}

void check_batch(const TaskBatch& batch) {
    constexpr Index most = Index{1} << 32;
    if (batch.trials >= 1 && batch.trials <= most) return;
    throw DomainError("trials: found " + std::to_string(batch.trials) +
                      ", expected at least 1, at most 2^32");
}

TrialRandom::TrialRandom(std::string_view task, const TaskBatch& batch, Index trial) noexcept
    : random_(batch.seed, stream_of(task) + batch.batch),
      first_(static_cast<std::uint64_t>(trial) << 32U) {}

double TrialRandom::uniform(Index k) const noexcept {
    return random_.uniform(first_ + static_cast<std::uint64_t>(k));
}

Index TrialRandom::below(Index n, Index k) const noexcept {
    return static_cast<Index>(static_cast<double>(n) * uniform(k));
}

Index TrialRandom::between(Index first, Index last, Index k) const noexcept {
    return first + below(last - first + 1, k);
}

double TrialRandom::sign(Index k) const noexcept {
    return uniform(k) < 0.5 ? -1.0 : 1.0;
}

void TrialRandom::fill_normal(std::span<double> out) const noexcept {
    random_.fill_normal(out, first_ + (std::uint64_t{1} << 31U));
}

TrainingTask blank_task(double h, Index steps, Index trials, Index inputs, Index outputs) {
    TrainingTask task{.h = h, .steps = steps, .trials = trials};
    task.inputs = Matrix::Zero(inputs, inputs > 0 ? steps * trials : 0);
    task.targets = Matrix::Zero(outputs, (steps + 1) * trials);
    task.weights = Matrix::Ones(steps + 1, trials);
    return task;
}

namespace {

void require(const MatrixView& array, Index rows, Index columns, const char* name,
             const char* meaning) {
    if (array.rows() == rows && array.cols() == columns) return;
    throw ShapeError(name, shape_text(rows, columns) + ", " + meaning,
                     shape_text(array.rows(), array.cols()));
}

}  // namespace

void check_outputs(const TrainingTask& task, const MatrixView& outputs, Index rows) {
    const Index columns = (task.steps + 1) * task.trials;
    const char* meaning = "a row for each output, a column for each state and trial";
    require(task.targets, rows, columns, "task.targets", meaning);
    require(task.weights, task.steps + 1, task.trials, "task.weights", "states × trials");
    require(outputs, rows, columns, "outputs", meaning);
    check_finite(outputs, "outputs");
}

void check_task_inputs(const TrainingTask& task, Index rows) {
    require(task.inputs, rows, rows > 0 ? task.steps * task.trials : 0, "task.inputs",
            "a row for each input, a column for each step and trial");
}

TaskScore blank_score(Index trials, Index parts) {
    return {.correct = Vector::Zero(trials),
            .measure = Vector::Zero(trials),
            .parts = Matrix::Zero(trials, parts)};
}

void summarise(TaskScore& score) {
    const auto trials = static_cast<double>(score.correct.size());
    score.fraction_correct = score.correct.mean();
    score.fraction_error =
        std::sqrt(score.fraction_correct * (1.0 - score.fraction_correct) / trials);
    const auto answered = score.measure.array().isFinite();
    score.answered = answered.count();
    const auto n = static_cast<double>(score.answered);
    if (score.answered == 0) {
        score.mean_measure = std::numeric_limits<double>::infinity();
        return;
    }
    score.mean_measure = answered.select(score.measure.array(), 0.0).sum() / n;
    if (score.answered < 2) return;
    const double squares =
        answered.select(score.measure.array() - score.mean_measure, 0.0).square().sum();
    score.mean_error = std::sqrt(squares / (n - 1.0) / n);
}

}  // namespace heddle
