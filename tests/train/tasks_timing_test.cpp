#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "heddle/train/tasks/context_integration.hpp"
#include "heddle/train/tasks/ready_set_go.hpp"
#include "train/tasks_support.hpp"

using namespace heddle;

namespace {

double normal_below(double x) {
    return 0.5 * std::erfc(-x / std::sqrt(2.0));
}

/// The decision of who sums the stream of the context and nothing else.
Matrix ideal_observer(const TrainingTask& task) {
    Matrix outputs = Matrix::Zero(1, task.targets.cols());
    for (Index i = 0; i < task.trials; ++i) {
        const Index stream = at(task, task.inputs, 0, i)(2) == 1.0 ? 0 : 1;
        double sum = 0.0;
        for (Index t = 0; t < task.steps; ++t) sum += at(task, task.inputs, t, i)(stream);
        for (Index t = 0; t <= task.steps; ++t) outputs(0, t * task.trials + i) = sum;
    }
    return outputs;
}

}  // namespace

TEST_CASE("ContextIntegration: streams, cues, answers and what counts are where they belong") {
    const ContextIntegration quiet{
        .h = 0.05, .fixation = 0.2, .stimulus = 0.5, .delay = 0.1, .response = 0.15, .noise = 0.0};
    const TaskBatch batch{40, 3, 2};
    const TrainingTask task = make_task(quiet, batch);
    const TrialConditions drawn = trial_conditions(quiet, batch);
    CHECK(task.steps == 4 + 10 + 2 + 3);
    for (Index i = 0; i < task.trials; ++i) {
        const double context = drawn.values(i, 0), answer = drawn.values(i, 3);
        CHECK(answer * drawn.values(i, context == 0.0 ? 1 : 2) > 0.0);
        for (Index t = 0; t < task.steps; ++t) {
            const auto input = at(task, task.inputs, t, i);
            const double on = t >= 4 && t < 14 ? 1.0 : 0.0;
            CHECK(input(0) == on * drawn.values(i, 1));
            CHECK(input(1) == on * drawn.values(i, 2));
            CHECK(input(2) == 1.0 - context);
            CHECK(input(3) == context);
        }
        for (Index t = 0; t <= task.steps; ++t) {
            CHECK(task.weights(t, i) == (t <= 4 || t > 16 ? 1.0 : 0.0));
            CHECK(task.targets(0, t * task.trials + i) == (t > 16 ? answer : 0.0));
        }
    }
}

TEST_CASE("ContextIntegration: noise has variance σ²/h, and strengths either sign, independently") {
    const ContextIntegration integration{.h = 0.01, .strengths = Vector{{0.2}}, .noise = 0.3};
    const Index trials = 4000;
    const TaskBatch batch{trials, 8};
    const TrainingTask task = make_task(integration, batch);
    const TrialConditions drawn = trial_conditions(integration, batch);
    double sum = 0.0, squares = 0.0, both = 0.0;
    const double count = 75.0 * trials;
    for (Index i = 0; i < trials; ++i)
        for (Index t = 10; t < 85; ++t) {
            const double one = at(task, task.inputs, t, i)(0) - drawn.values(i, 1);
            sum += one;
            squares += one * one;
            both += one * (at(task, task.inputs, t, i)(1) - drawn.values(i, 2));
        }
    const double variance = 0.09 / 0.01;
    // 4.5 standard errors each; seven of these checks have a false alarm in 5e-5 of all seeds.
    CHECK(near_zero(sum / count, std::sqrt(variance), count));
    CHECK(near_zero(squares / count - variance, std::sqrt(2.0) * variance, count));
    CHECK(near_zero(both / count, variance, count));
    for (Index k = 1; k <= 2; ++k) CHECK(near_zero(drawn.values.col(k).mean(), 0.2, trials));
    CHECK(near_zero(drawn.values.col(1).dot(drawn.values.col(2)) / trials, 0.04, trials));
    CHECK(near_zero(drawn.values.col(0).mean() - 0.5, 0.5, trials));
}

TEST_CASE("ContextIntegration: who sums the right stream is right as often as the formula says") {
    const Index trials = 4000;
    for (const double strength : {0.05, 0.15}) {
        const ContextIntegration integration{.strengths = Vector{{strength}}};
        const TrainingTask task = make_task(integration, {trials, 4});
        const double p = normal_below(strength * std::sqrt(0.75) / 0.1);
        const TaskScore score = task_score(integration, task, ideal_observer(task));
        // Two checks at 4.5 standard errors: a false alarm in 1.4e-5 of all seeds.
        CHECK(near_zero(score.fraction_correct - p, std::sqrt(p * (1.0 - p)), trials));
    }
}

TEST_CASE(
    "ContextIntegration: a perfect network is right, silence never, one answer half the time") {
    const ContextIntegration integration;
    const TrainingTask task = make_task(integration, {4000, 1});
    const TaskScore perfect = task_score(integration, task, task.targets);
    CHECK(perfect.fraction_correct == 1.0);
    CHECK((perfect.measure.array() - 1.0).abs().maxCoeff() < 1e-12);
    CHECK(task_score(integration, task, 0.0 * task.targets).fraction_correct == 0.0);
    const Matrix ones = Matrix::Ones(1, task.targets.cols());
    const TaskScore coin = task_score(integration, task, ones);
    CHECK(near_zero(coin.fraction_correct - 0.5, 0.5, 4000));
    CHECK(coin.mean_measure == doctest::Approx(2.0 * coin.fraction_correct - 1.0));
    CHECK(coin.mean_error == doctest::Approx(2.0 * coin.fraction_error).epsilon(1e-3));
}

TEST_CASE(
    "ReadySetGo: pulses show the interval, and the ramp reaches 1 when the asked one is over") {
    const ReadySetGo timing{.h = 0.01,
                            .shortest = 0.3,
                            .longest = 0.6,
                            .intervals = 4,
                            .gains = Vector{{1.0, 1.5}},
                            .shortest_wait = 0.1,
                            .longest_wait = 0.3,
                            .pulse = 0.02};
    const TaskBatch batch{60, 2};
    const TrainingTask task = make_task(timing, batch);
    const TrialConditions drawn = trial_conditions(timing, batch);
    CHECK(task.steps == 30 + 60 + 108);
    for (Index i = 0; i < task.trials; ++i) {
        const auto shown = static_cast<Index>(std::lround(drawn.values(i, 0) / 0.01));
        const auto ready = static_cast<Index>(std::lround(drawn.values(i, 2) / 0.01));
        const Index set = ready + shown;
        CHECK((shown - 30) % 10 == 0);
        const double asked = static_cast<double>(shown) * drawn.values(i, 1);
        for (Index t = 0; t <= task.steps; ++t) {
            const double after = static_cast<double>(t - set);
            const bool counts = after <= 1.2 * asked + 1e-6;
            CHECK(task.weights(t, i) == (counts ? 1.0 : 0.0));
            if (counts)
                CHECK(task.targets(0, t * task.trials + i) ==
                      doctest::Approx(std::max(after, 0.0) / asked));
            if (t == task.steps) break;
            const bool pulse = (t >= ready && t < ready + 2) || (t >= set && t < set + 2);
            CHECK(at(task, task.inputs, t, i)(0) == (pulse ? 1.0 : 0.0));
            CHECK(at(task, task.inputs, t, i)(1) == drawn.values(i, 1));
        }
    }
}

TEST_CASE("ReadySetGo: a ramp that is f times too fast produces the asked interval over f") {
    const ReadySetGo timing{.intervals = 0, .gains = Vector{{1.0, 1.5}}};
    const TaskBatch batch{50, 6};
    const TrainingTask task = make_task(timing, batch);
    const TrialConditions drawn = trial_conditions(timing, batch);
    const TaskScore perfect = task_score(timing, task, task.targets);
    CHECK(perfect.fraction_correct == 1.0);
    CHECK(perfect.measure.cwiseAbs().maxCoeff() < 1e-12);
    CHECK((perfect.parts.col(0) - drawn.values.col(0).cwiseProduct(drawn.values.col(1))).norm() <
          1e-12);
    for (const double f : {0.9, 1.15, 1.4}) {
        const TaskScore score = task_score(timing, task, f * task.targets);
        CHECK((score.parts.col(1) - perfect.parts.col(0) / f).cwiseAbs().maxCoeff() < 1e-12);
        CHECK(score.fraction_correct == (f < 1.25 ? 1.0 : 0.0));
        CHECK(score.answered == 50);
    }
    // At 0.8 of the speed the target ends at 0.96, and there is no go.
    const TaskScore slow = task_score(timing, task, 0.8 * task.targets);
    CHECK(slow.answered == 0);
    CHECK(slow.fraction_correct == 0.0);
    CHECK(slow.mean_measure == std::numeric_limits<double>::infinity());
    CHECK(task_score(timing, task, 0.0 * task.targets).answered == 0);
    // One trial without an answer is left out of the mean.
    Matrix one = 1.15 * task.targets;
    for (Index t = 0; t <= task.steps; ++t) one(0, t * task.trials) = 0.0;
    const TaskScore rest = task_score(timing, task, one);
    CHECK(rest.answered == 49);
    CHECK(rest.mean_measure ==
          doctest::Approx(-perfect.parts.col(0).tail(49).mean() * 0.15 / 1.15));
}

TEST_CASE("ReadySetGo: intervals, gains and waits are evenly distributed") {
    const ReadySetGo timing{.h = 0.05, .gains = Vector{{1.0, 1.5}}};
    const Index trials = 20000;
    const TrialConditions drawn = trial_conditions(timing, {trials, 9});
    // Waits: 9 steps from 0.2 to 0.6 s; five checks, a false alarm in 4e-5 of all seeds.
    CHECK(near_zero(drawn.values.col(2).mean() - 0.4, 0.05 * std::sqrt(80.0 / 12.0), trials));
    CHECK(near_zero(drawn.values.col(1).mean() - 1.25, 0.25, trials));
    const double shortest = drawn.values.col(0).minCoeff(),
                 longest = drawn.values.col(0).maxCoeff();
    CHECK(shortest == doctest::Approx(0.5));
    CHECK(longest == doctest::Approx(1.0));
    for (const double interval : {0.5, 0.75, 1.0}) {
        const auto count = ((drawn.values.col(0).array() - interval).abs() < 1e-9).count();
        CHECK(near_zero(static_cast<double>(count) / trials - 1.0 / 7.0, std::sqrt(6.0) / 7.0,
                        trials));
    }
}
