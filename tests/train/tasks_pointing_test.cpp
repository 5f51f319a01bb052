#include <doctest/doctest.h>

#include <numbers>

#include "heddle/train/tasks/delayed_reach.hpp"
#include "heddle/train/tasks/memory_saccade.hpp"
#include "train/tasks_support.hpp"

using namespace heddle;

namespace {

constexpr double pi = std::numbers::pi;

Vector place(double angle, double distance = 1.0) {
    return distance * Vector{{std::cos(angle), std::sin(angle)}};
}

}  // namespace

TEST_CASE("DelayedReach: inputs and targets change at the times of the options") {
    const DelayedReach reach{.h = 0.02,
                             .distance = 1.5,
                             .baseline = 0.1,
                             .shortest_delay = 0.2,
                             .longest_delay = 0.4,
                             .reaction = 0.06,
                             .movement = 0.2,
                             .hold = 0.1};
    const TaskBatch batch{20, 3, 1};
    const TrainingTask task = make_task(reach, batch);
    const TrialConditions drawn = trial_conditions(reach, batch);
    CHECK(task.steps == 5 + 20 + 3 + 10 + 5);
    CHECK(task.weights.minCoeff() == 1.0);
    for (Index i = 0; i < task.trials; ++i) {
        const Vector p = place(drawn.values(i, 0), 1.5);
        const auto go = static_cast<Index>(std::lround(5.0 + drawn.values(i, 1) / 0.02));
        for (Index t = 0; t < task.steps; ++t) {
            const auto input = at(task, task.inputs, t, i);
            CHECK((input.head(2) - (t < 5 ? 0.0 : 1.0) * p).norm() < 1e-15);
            CHECK(input(2) == (t < go ? 1.0 : 0.0));
        }
        // Least jerk: at rest until go + reaction, half way after half of the movement, a quarter
        // of the time leads to 10/64 − 15/256 + 6/1024 of the way, and the end stays.
        CHECK(at(task, task.targets, go + 3, i).norm() == 0.0);
        CHECK((at(task, task.targets, go + 8, i) - 0.5 * p).norm() < 1e-14);
        CHECK(at(task, task.targets, go + 4, i).norm() ==
              doctest::Approx(1.5 * (0.01 - 0.0015 + 0.00006)).epsilon(1e-12));
        for (Index t = go + 13; t <= task.steps; ++t)
            CHECK((at(task, task.targets, t, i) - p).norm() < 1e-15);
    }
}

TEST_CASE("DelayedReach: directions and delays are evenly distributed") {
    const DelayedReach reach{
        .h = 0.1, .directions = 8, .shortest_delay = 0.2, .longest_delay = 1.0};
    const Index trials = 40000;
    const TrialConditions drawn = trial_conditions(reach, {trials, 5});
    CHECK(drawn.names == std::vector<std::string>{"angle", "delay"});
    // Each of 8 directions and of 9 delays: a count is binomial; 17 checks at 4.5 standard
    // deviations, a false alarm in about 1e-4 of all seeds.
    for (Index k = 0; k < 8; ++k) {
        const double angle = static_cast<double>(k) * pi / 4.0;
        const auto count = ((drawn.values.col(0).array() - angle).abs() < 1e-12).count();
        CHECK(near_zero(static_cast<double>(count) / trials - 1.0 / 8.0, std::sqrt(7.0) / 8.0,
                        trials));
    }
    for (Index k = 2; k <= 10; ++k) {
        const double delay = 0.1 * static_cast<double>(k);
        const auto count = ((drawn.values.col(1).array() - delay).abs() < 1e-12).count();
        CHECK(near_zero(static_cast<double>(count) / trials - 1.0 / 9.0, std::sqrt(8.0) / 9.0,
                        trials));
    }
    const TrialConditions any = trial_conditions(DelayedReach{.directions = 0}, {trials, 5});
    // Angles on the whole circle have mean cosines and sines 0 and variances 1/2.
    CHECK(near_zero(any.values.col(0).array().cos().mean(), std::sqrt(0.5), trials));
    CHECK(near_zero(any.values.col(0).array().sin().mean(), std::sqrt(0.5), trials));
    CHECK(((any.values.col(0).array() - pi / 4.0).abs() < 1e-12).count() == 0);
}

TEST_CASE(
    "DelayedReach: a perfect hand is right, a silent one a distance away, an early one wrong") {
    const DelayedReach reach{.distance = 2.0};
    const TrainingTask task = make_task(reach, {30, 1});
    const TaskScore perfect = task_score(reach, task, task.targets);
    CHECK(perfect.fraction_correct == 1.0);
    CHECK(perfect.fraction_error == 0.0);
    CHECK(perfect.answered == 30);
    CHECK(perfect.measure.maxCoeff() < 1e-14);
    const TaskScore silent = task_score(reach, task, Matrix::Zero(2, task.targets.cols()));
    CHECK(silent.fraction_correct == 0.0);
    CHECK((silent.measure.array() - 2.0).abs().maxCoeff() < 1e-14);
    // One trial that is at its target before go: right in the end, and wrong.
    Matrix early = task.targets;
    early.col(10 * task.trials + 4) = early.col(task.steps * task.trials + 4);
    const TaskScore score = task_score(reach, task, early);
    CHECK(score.correct.sum() == 29.0);
    CHECK(score.correct(4) == 0.0);
    CHECK(score.measure(4) < 1e-14);
    CHECK(score.fraction_error == doctest::Approx(std::sqrt(29.0 / 900.0 / 30.0)));
    // Overshoot by just less and just more than the tolerance.
    CHECK(task_score(reach, task, 1.19 * task.targets).fraction_correct == 1.0);
    CHECK(task_score(reach, task, 1.21 * task.targets).fraction_correct == 0.0);
}

TEST_CASE("MemorySaccade: the target is shown, goes, and is asked for after go and grace") {
    const MemorySaccade saccade{.h = 0.05,
                                .fixation = 0.5,
                                .cue = 0.25,
                                .shortest_delay = 0.5,
                                .longest_delay = 1.0,
                                .grace = 0.1,
                                .response = 0.4};
    const TaskBatch batch{20, 2, 7};
    const TrainingTask task = make_task(saccade, batch);
    const TrialConditions drawn = trial_conditions(saccade, batch);
    CHECK(task.steps == 10 + 5 + 20 + 8);
    for (Index i = 0; i < task.trials; ++i) {
        const Vector p = place(drawn.values(i, 0));
        const auto go = static_cast<Index>(std::lround(15.0 + drawn.values(i, 1) / 0.05));
        for (Index t = 0; t <= task.steps; ++t) {
            CHECK((at(task, task.targets, t, i) - (t > go ? 1.0 : 0.0) * p).norm() < 1e-15);
            CHECK(task.weights(t, i) == (t > go && t <= go + 2 ? 0.0 : 1.0));
            if (t == task.steps) break;
            const auto input = at(task, task.inputs, t, i);
            CHECK((input.head(2) - (t >= 10 && t < 15 ? 1.0 : 0.0) * p).norm() < 1e-15);
            CHECK(input(2) == (t < go ? 1.0 : 0.0));
        }
    }
}

TEST_CASE("MemorySaccade: what happens in the grace does not matter, leaving fixation does") {
    const MemorySaccade saccade;
    const TrainingTask task = make_task(saccade, {30, 1});
    CHECK(task_score(saccade, task, task.targets).fraction_correct == 1.0);
    CHECK(task_score(saccade, task, 0.0 * task.targets).fraction_correct == 0.0);
    CHECK(task_score(saccade, task, 0.0 * task.targets).mean_measure == doctest::Approx(1.0));
    Matrix wild = task.targets, drifts = task.targets;
    for (Index i = 0; i < task.trials; ++i)
        for (Index t = 0; t <= task.steps; ++t)
            if (task.weights(t, i) == 0.0) wild.col(t * task.trials + i).setConstant(50.0);
    CHECK(task_score(saccade, task, wild).fraction_correct == 1.0);
    drifts.col(100 * task.trials).setConstant(0.3);  // 0.42 from the centre
    const TaskScore score = task_score(saccade, task, drifts);
    CHECK(score.correct(0) == 0.0);
    CHECK(score.correct.sum() == 29.0);
    // A guess of one of eight directions: right in 1/8 of the trials.
    const Index trials = 4000;
    const MemorySaccade quick{.h = 0.1, .shortest_delay = 0.1, .longest_delay = 0.1};
    const TrainingTask many = make_task(quick, {trials, 1});
    Matrix guess = Matrix::Zero(2, many.targets.cols());
    guess.row(0).rightCols(5 * trials).setOnes();
    const double chance = task_score(quick, many, guess).fraction_correct;
    CHECK(near_zero(chance - 1.0 / 8.0, std::sqrt(7.0) / 8.0, trials));
}
