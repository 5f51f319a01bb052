#include "heddle/train/tasks/from_trials.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "heddle/core/error.hpp"
#include "heddle/motif/motif.hpp"
#include "network/checks.hpp"
#include "train/tasks/timeline.hpp"

namespace heddle {
namespace {

std::string name_of(std::size_t trial, const char* array) {
    return "trials[" + std::to_string(trial) + "]." + array;
}

void check_any(const std::vector<TrialArrays>& trials) {
    if (trials.empty()) throw DomainError("trials: found none, expected at least one");
}

/// A trial's own arrays agree on its length.
void check_trial(const TrialArrays& trial, std::size_t i) {
    const Index samples = trial.targets.cols();
    if (samples < 2 || trial.targets.rows() == 0)
        throw ShapeError(name_of(i, "targets"), "at least one channel and two samples",
                         shape_text(trial.targets.rows(), samples));
    if (trial.inputs.size() > 0 && trial.inputs.cols() != samples - 1)
        throw ShapeError(name_of(i, "inputs"),
                         std::to_string(samples - 1) + " samples, one fewer than the targets",
                         std::to_string(trial.inputs.cols()));
    if (trial.weights.size() > 0 && trial.weights.size() != samples)
        throw ShapeError(name_of(i, "weights"),
                         std::to_string(samples) + " samples, as the targets",
                         std::to_string(trial.weights.size()));
    check_finite(trial.targets, name_of(i, "targets").c_str());
    check_finite(trial.inputs, name_of(i, "inputs").c_str());
    check_finite(trial.weights, name_of(i, "weights").c_str());
    if (trial.weights.size() > 0 && trial.weights.minCoeff() < 0.0)
        throw DomainError(name_of(i, "weights") + ": found " +
                          number_text(trial.weights.minCoeff()) + ", expected 0 or more");
}

void check_same(const TrialArrays& trial, const TrialArrays& first, std::size_t i) {
    if (trial.targets.cols() != first.targets.cols())
        throw ShapeError(name_of(i, "targets"),
                         std::to_string(first.targets.cols()) +
                             " samples, as trials[0]; pad_trials (pad=True in Python) adds " +
                             "zeros of weight 0 where they are missing",
                         std::to_string(trial.targets.cols()));
    if (trial.targets.rows() != first.targets.rows())
        throw ShapeError(name_of(i, "targets"),
                         std::to_string(first.targets.rows()) + " channels, as trials[0]",
                         std::to_string(trial.targets.rows()));
    if (trial.inputs.rows() != first.inputs.rows())
        throw ShapeError(name_of(i, "inputs"),
                         std::to_string(first.inputs.rows()) + " channels, as trials[0]",
                         std::to_string(trial.inputs.rows()));
}

Matrix padded(const Matrix& array, Index columns) {
    Matrix wide = Matrix::Zero(array.rows(), columns);
    wide.leftCols(array.cols()) = array;
    return wide;
}

}  // namespace

TrainingTask task_from_trials(double h, const std::vector<TrialArrays>& trials) {
    check_task_step(h);
    check_any(trials);
    for (std::size_t i = 0; i < trials.size(); ++i) {
        check_trial(trials[i], i);
        check_same(trials[i], trials.front(), i);
    }
    const TrialArrays& first = trials.front();
    const auto count = static_cast<Index>(trials.size());
    const Index steps = first.targets.cols() - 1;
    TrainingTask task = blank_task(h, steps, count, first.inputs.rows(), first.targets.rows());
    for (Index i = 0; i < count; ++i) {
        const TrialArrays& trial = trials[static_cast<std::size_t>(i)];
        for (Index t = 0; t < steps; ++t)
            if (task.inputs.rows() > 0) task.inputs.col(t * count + i) = trial.inputs.col(t);
        for (Index t = 0; t <= steps; ++t) task.targets.col(t * count + i) = trial.targets.col(t);
        if (trial.weights.size() > 0) task.weights.col(i) = trial.weights;
    }
    return task;
}

std::vector<TrialArrays> pad_trials(std::vector<TrialArrays> trials) {
    check_any(trials);
    Index longest = 0;
    for (std::size_t i = 0; i < trials.size(); ++i) {
        check_trial(trials[i], i);
        longest = std::max(longest, trials[i].targets.cols());
    }
    for (TrialArrays& trial : trials) {
        const Index samples = trial.targets.cols();
        Vector weights = Vector::Zero(longest);
        weights.head(samples) =
            trial.weights.size() > 0 ? trial.weights : Vector(Vector::Ones(samples));
        trial.weights = std::move(weights);
        trial.targets = padded(trial.targets, longest);
        if (trial.inputs.size() > 0) trial.inputs = padded(trial.inputs, longest - 1);
    }
    return trials;
}

TaskScore task_score(const TrainingTask& task, const MatrixView& outputs, double failure) {
    check_positive(failure, "failure");
    check_outputs(task, outputs, task.targets.rows());
    TaskScore score = blank_score(task.trials);
    for (Index i = 0; i < task.trials; ++i) {
        const Index counted = (task.weights.col(i).array() > 0.0).count();
        if (counted == 0)
            throw DomainError("task.weights: found no sample of trial " + std::to_string(i) +
                              " that counts, expected one weight above 0");
        Matrix output(counted, outputs.rows()), target(counted, outputs.rows());
        for (Index t = 0, j = 0; t <= task.steps; ++t) {
            if (!(task.weights(t, i) > 0.0)) continue;
            output.row(j) = outputs.col(t * task.trials + i).transpose();
            target.row(j++) = task.targets.col(t * task.trials + i).transpose();
        }
        score.measure(i) = std::sqrt(normalised_error(output, target));
        score.correct(i) = score.measure(i) <= failure ? 1.0 : 0.0;
    }
    summarise(score);
    return score;
}

}  // namespace heddle
