#pragma once

#include <cmath>

#include "heddle/train/tasks/trials.hpp"

/// What the tests of tasks share.
namespace heddle {

inline bool same(const TrainingTask& a, const TrainingTask& b) {
    return a.h == b.h && a.steps == b.steps && a.trials == b.trials && a.start == b.start &&
           a.inputs == b.inputs && a.gates == b.gates && a.gain_weights == b.gain_weights &&
           a.targets == b.targets && a.weights == b.weights;
}

/// Column of an array for a time and a trial.
inline auto at(const TrainingTask& task, const Matrix& array, Index t, Index trial) {
    return array.col(t * task.trials + trial);
}

/// The columns that belong to the first `trials` trials.
inline Matrix first_trials(const Matrix& array, Index all, Index trials) {
    const Index times = array.cols() / all;
    Matrix some(array.rows(), times * trials);
    for (Index t = 0; t < times; ++t)
        some.middleCols(t * trials, trials) = array.middleCols(t * all, trials);
    return some;
}

/// Whether `count` draws of mean 0 and the given sd have a mean within 4.5 standard errors: a false
/// alarm in 7 of 10⁶ seeds.
template <class Count>
bool near_zero(double mean, double sd, Count count) {
    return std::abs(mean) < 4.5 * sd / std::sqrt(static_cast<double>(count));
}

}  // namespace heddle
