#include <doctest/doctest.h>

#include <cmath>

#include "heddle/train/tasks/flip_flop.hpp"
#include "train/tasks_support.hpp"

using namespace heddle;

TEST_CASE("FlipFlop: an output that adopts the sign of its input, and keeps it, is the target") {
    const FlipFlop flip_flop{.h = 0.02, .bits = 4, .duration = 8.0};
    const TrainingTask task = make_task(flip_flop, {10, 3});
    CHECK(task.steps == 400);
    Matrix held = Matrix::Zero(4, task.targets.cols());
    for (Index t = 0; t < task.steps; ++t)
        for (Index i = 0; i < 10; ++i) {
            const auto input = at(task, task.inputs, t, i);
            for (Index c = 0; c < 4; ++c)
                held(c, (t + 1) * 10 + i) = input(c) != 0.0 ? input(c) : held(c, t * 10 + i);
        }
    CHECK(held == task.targets);
    CHECK(at(task, task.inputs, 0, 0).cwiseAbs().minCoeff() == 1.0);
}

TEST_CASE("FlipFlop: nothing counts for pulse and settle after an onset, and all else does") {
    const FlipFlop flip_flop{.h = 0.01, .duration = 5.0, .pulse = 0.03, .settle = 0.1};
    const TrainingTask task = make_task(flip_flop, {20, 1});
    Matrix weights = Matrix::Ones(task.steps + 1, 20);
    for (Index i = 0; i < 20; ++i)
        for (Index c = 0; c < 3; ++c) {
            Index last = -1000;
            for (Index t = 0; t < task.steps; ++t) {
                if (at(task, task.inputs, t, i)(c) == 0.0) continue;
                if (t - last < 3) continue;  // the pulse goes on
                CHECK(t - last >= 13);
                weights.col(i).segment(t, 13).setZero();
                last = t;
            }
        }
    CHECK(weights == task.weights);
    CHECK(task.weights.row(task.steps).minCoeff() == 1.0);
}

TEST_CASE("FlipFlop: pulses come at the mean interval, of either sign") {
    const FlipFlop flip_flop{.h = 0.01, .bits = 1, .duration = 400.0, .interval = 1.5};
    const Index trials = 100;
    const TrainingTask task = make_task(flip_flop, {trials, 2});
    const TrialConditions drawn = trial_conditions(flip_flop, {trials, 2});
    double signs = 0.0, time = 0.0, gaps = 0.0;
    for (Index i = 0; i < trials; ++i) {
        Index last = -1;
        for (Index t = 0; t < task.steps; ++t) {
            const double now = at(task, task.inputs, t, i)(0);
            if (now == 0.0 || (last >= 0 && t - last < 5)) continue;
            signs += now;
            if (last >= 0) {
                time += static_cast<double>(t - last) * 0.01;
                gaps += 1.0;
            }
            last = t;
        }
    }
    CHECK(gaps + trials == drawn.values.sum());
    // The gaps are 0.2 s and an exponential time of mean and sd 1.3 s. A gap that the end cuts
    // short is not seen, which takes about sd² / (2 · 400 s) off the mean at most twice: 0.004 s.
    // Two checks at 4.5 standard errors: a false alarm in 1.4e-5 of all seeds.
    CHECK(std::abs(time / gaps - 1.5) < 4.5 * 1.3 / std::sqrt(gaps) + 0.0085);
    CHECK(near_zero(signs / (gaps + trials), 1.0, gaps + trials));
}

TEST_CASE("FlipFlop: perfect outputs hold all bits, silence none, a wrong bit is one bit less") {
    const FlipFlop flip_flop{.bits = 2};
    const TrainingTask task = make_task(flip_flop, {200, 5});
    const TaskScore perfect = task_score(flip_flop, task, 0.1 * task.targets);
    CHECK(perfect.fraction_correct == 1.0);
    CHECK(perfect.measure.minCoeff() == 1.0);
    const TaskScore silent = task_score(flip_flop, task, 0.0 * task.targets);
    CHECK(silent.fraction_correct == 0.0);
    CHECK(silent.measure.maxCoeff() == 0.0);
    Matrix wrong = task.targets;
    wrong.row(1) *= -1.0;
    const TaskScore half = task_score(flip_flop, task, wrong);
    CHECK((half.measure.array() == 0.5).all());
    CHECK((half.parts.col(0).array() == 1.0).all());
    CHECK(half.fraction_correct == 0.0);
    // One sample of one trial: that trial alone is not correct.
    Matrix slip = task.targets;
    slip(0, task.steps * 200 + 7) *= -1.0;
    const TaskScore score = task_score(flip_flop, task, slip);
    CHECK(score.correct.sum() == 199.0);
    CHECK(score.parts(7, 0) == doctest::Approx(1.0 - 1.0 / task.weights.col(7).sum()));
}
