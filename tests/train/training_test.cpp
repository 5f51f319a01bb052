#include "heddle/train/training.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "heddle/core/error.hpp"
#include "train/problems.hpp"

using namespace heddle;

namespace {

/// The task of a problem at every step.
TaskOfStep always(const TrainingTask& task) {
    return [task](Index) { return task; };
}

/// Another task at every step: what a state is asked for depends on the step alone.
TaskOfStep changing(const TrainingTask& task) {
    return [task](Index step) {
        TrainingTask other = task;
        other.targets = random_matrix(task.targets.rows(), task.targets.cols(),
                                      100 + static_cast<unsigned>(step));
        return other;
    };
}

const TrainedParameters every{.of = {"weights", "bias", "input", "readout", "initial", "loops"}};

const Matrix& weights(const TrainableNetwork& network) {
    return std::get<Matrix>(network.network.weights);
}

TrainingOutcome run(const Problem& p, const TrainedParameters& trained,
                    const TrainingOptions& options) {
    return train(start_training(p.network, trained), always(p.task), trained, options);
}

bool same(const TrainableNetwork& a, const TrainableNetwork& b) {
    bool loops = a.loops.size() == b.loops.size();
    for (std::size_t l = 0; loops && l < a.loops.size(); ++l)
        loops = a.loops[l].u == b.loops[l].u && a.loops[l].v == b.loops[l].v;
    return loops && weights(a) == weights(b) && a.network.bias == b.network.bias &&
           a.network.readout == b.network.readout && a.input == b.input && a.initial == b.initial;
}

}  // namespace

TEST_CASE("train: the first step of Adam moves every entry by the rate, against its gradient") {
    const Problem p = problem();
    const TrainedParameters trained{.of = {"weights"}};
    const TrainingOutcome found = run(p, trained, {.steps = 1, .rate = 1e-3, .epsilon = 1e-300});
    const Matrix slope = value_and_gradient(p.network, p.task, {}).gradient.weights;
    const Matrix moved = weights(found.state.network) - weights(p.network);
    CHECK((moved.array() + 1e-3 * slope.array().sign()).abs().maxCoeff() < 1e-15);
    CHECK(found.end == TrainingEnd::steps);
}

TEST_CASE("train: Adam goes where its equations, entry by entry, go") {
    const Problem p = problem();
    const TrainedParameters trained{.of = {"loops[1].v", "bias"}};
    const TrainingOptions options{.steps = 40, .rate = 0.02, .halving = 15.0, .clip = 0.05};
    const TrainingOutcome found = run(p, trained, options);

    TrainableNetwork twin = p.network;
    Vector m = Vector::Zero(14), s = Vector::Zero(14);
    for (int k = 1; k <= 40; ++k) {
        const TrainingGradient g = value_and_gradient(twin, p.task, {.loops = {1}}).gradient;
        Vector slope(14);
        slope << g.bias, g.v[0];
        slope *= std::min(1.0, 0.05 / slope.norm());
        for (Index i = 0; i < 14; ++i) {
            m[i] = 0.9 * m[i] + 0.1 * slope[i];
            s[i] = 0.999 * s[i] + 0.001 * slope[i] * slope[i];
            const double rate = 0.02 * std::pow(0.5, (k - 1) / 15.0);
            const double step = rate * (m[i] / (1.0 - std::pow(0.9, k))) /
                                (std::sqrt(s[i] / (1.0 - std::pow(0.999, k))) + 1e-8);
            (i < 7 ? twin.network.bias[i] : twin.loops[1].v(i - 7, 0)) -= step;
        }
    }
    CHECK((found.state.network.network.bias - twin.network.bias).norm() < 1e-12);
    CHECK((found.state.network.loops[1].v - twin.loops[1].v).norm() < 1e-12);
    CHECK(found.state.network.loops[1].u == p.network.loops[1].u);
    CHECK(weights(found.state.network) == weights(p.network));
}

TEST_CASE("train: L-BFGS on a readout ends at the least squares solution") {
    Problem p = without_gains(problem(Response::tanh, 30, 2));
    p.task.activity = p.task.velocity = 0.0;
    const TrainedParameters trained{.of = {"readout"}};
    const TrainingOutcome found =
        run(p, trained, {.optimiser = Optimiser::lbfgs, .steps = 20, .evaluations = 60});

    TrainingWorkspace workspace;
    static_cast<void>(training_loss(p.network, p.task, workspace));
    Matrix rates = workspace.states.array().tanh(), targets = p.task.targets;
    for (Index t = 0; t <= 30; ++t)
        for (Index i = 0; i < 2; ++i) {
            const double root = std::sqrt(p.task.weights(t, i));
            rates.col(2 * t + i) *= root;
            targets.col(2 * t + i) *= root;
        }
    const Matrix& readout = found.state.best.network.readout;
    const Matrix residual = (readout * rates - targets) * rates.transpose();
    CHECK(residual.norm() < 1e-6 * (targets * rates.transpose()).norm());
}

TEST_CASE("train: both optimisers lower the loss of every response") {
    for (const Response& response :
         {Response::linear, Response::rectified, Response::tanh, Response::softplus})
        for (const Optimiser optimiser : {Optimiser::adam, Optimiser::lbfgs}) {
            const Problem p = problem(response);
            const TrainingOutcome found = run(p, every,
                                              {.optimiser = optimiser,
                                               .steps = optimiser == Optimiser::adam ? 300 : 10,
                                               .rate = 0.02});
            CHECK(found.state.best_loss < 0.5 * found.state.losses.front());
            CHECK(training_loss(found.state.best, p.task).value == found.state.best_loss);
        }
}

TEST_CASE("train: a training that was interrupted goes on to the same bits") {
    const Problem p = problem();
    for (const Optimiser optimiser : {Optimiser::adam, Optimiser::lbfgs}) {
        const TrainingOptions options{.optimiser = optimiser,
                                      .steps = 12,
                                      .rate = 0.01,
                                      .evaluations = 5,
                                      .validation_steps = 4};
        const TaskOfStep tasks = changing(p.task);
        const TrainingOutcome whole =
            train(start_training(p.network, every), tasks, every, options, &p.task);
        TrainingOutcome parts{start_training(p.network, every), TrainingEnd::paused, {}};
        int calls = 0;
        for (; parts.end == TrainingEnd::paused; ++calls)
            parts = train(parts.state, tasks, every, options, &p.task, 5);
        CHECK(calls == 3);
        CHECK(same(parts.state.network, whole.state.network));
        CHECK(same(parts.state.best, whole.state.best));
        CHECK(parts.state.losses == whole.state.losses);
        CHECK(parts.state.validation == whole.state.validation);
        CHECK(parts.reason == whole.reason);
    }
}

TEST_CASE(
    "train: with a validation task the best network is the best of those that were looked at") {
    const Problem p = problem();
    const TrainingOutcome found =
        train(start_training(p.network, every), changing(p.task), every,
              {.steps = 40, .rate = 0.03, .validation_steps = 5}, &p.task);
    const std::vector<double>& seen = found.state.validation;
    REQUIRE(seen.size() == 8);
    const double least = *std::min_element(seen.begin(), seen.end());
    CHECK(found.state.best_loss <= least);
    CHECK(training_loss(found.state.best, p.task).value == found.state.best_loss);
}

TEST_CASE("train: it ends at its target, and once it no longer improves") {
    const Problem p = problem();
    const double first = training_loss(p.network, p.task).value;
    const TrainingOutcome aimed =
        run(p, every, {.steps = 1000, .rate = 0.01, .target = 0.9 * first});
    CHECK(aimed.end == TrainingEnd::target);
    CHECK(aimed.state.best_loss <= 0.9 * first);
    CHECK(aimed.state.step < 1000);

    const TrainedParameters readout{.of = {"readout"}};
    const TrainingOutcome still =
        run(p, readout, {.steps = 100000, .rate = 0.05, .patience = 30, .improvement = 1e-4});
    CHECK(still.end == TrainingEnd::patience);
    CHECK(still.state.step - still.state.improved_step == 30);
}

TEST_CASE("train: what diverges ends with its step in words, and the best network is kept") {
    Problem p = without_gains(problem(Response::linear, 400));
    const TrainingOutcome found =
        run(p, every, {.steps = 50, .rate = 3.0, .clip = 0.0, .explosion = 1e300});
    CHECK(found.end == TrainingEnd::diverged);
    CHECK(found.reason.starts_with("diverged at step " + std::to_string(found.state.step)));
    CHECK(std::isfinite(training_loss(found.state.best, p.task).value));
    const TrainingOutcome quiet = run(p, every, {.steps = 50, .rate = 3.0, .explosion = 1e3});
    CHECK(quiet.end == TrainingEnd::diverged);
    CHECK(quiet.reason.find("explosion = 1000") != std::string::npos);
}
