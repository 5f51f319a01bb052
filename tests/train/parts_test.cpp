#include <doctest/doctest.h>

#include "heddle/train/gradient.hpp"
#include "train/problems.hpp"

using namespace heddle;

TEST_CASE("value_and_gradient: one initial state for all trials has the sum of their slopes") {
    Problem p = problem();
    p.network.initial = p.network.initial.col(0).eval();
    const LossAndGradient shared = value_and_gradient(p.network, p.task, all);
    p.network.initial = p.network.initial.replicate(1, 3).eval();
    const LossAndGradient each = value_and_gradient(p.network, p.task, all);
    CHECK(shared.loss.value == each.loss.value);
    CHECK(shared.gradient.initial.cols() == 1);
    CHECK((shared.gradient.initial - each.gradient.initial.rowwise().sum()).norm() < 1e-15);
}

TEST_CASE("value_and_gradient: targets under a zero of the mask do not matter") {
    Problem p = problem();
    const LossAndGradient before = value_and_gradient(p.network, p.task, all);
    Index changed = 0;
    for (Index t = 0; t <= p.task.steps; ++t)
        for (Index i = 0; i < 3; ++i)
            if (p.task.weights(t, i) == 0.0) {
                p.task.targets.col(3 * t + i).array() += 1e3;
                ++changed;
            }
    REQUIRE(changed > 5);
    const LossAndGradient after = value_and_gradient(p.network, p.task, all);
    CHECK(after.loss.value == before.loss.value);
    CHECK(after.gradient.weights == before.gradient.weights);
    CHECK(after.gradient.readout == before.gradient.readout);
}

TEST_CASE("value_and_gradient: a closed loop is no loop, and gates of 1 are none") {
    Problem p = problem();
    p.task.gates = {Matrix::Ones(9, 3), Matrix::Zero(9, 3)};
    const LossAndGradient closed = value_and_gradient(p.network, p.task, all);
    CHECK(closed.gradient.u[1].norm() == 0.0);
    CHECK(closed.gradient.v[1].norm() == 0.0);
    p.task.gates.clear();
    p.network.loops.pop_back();
    const LossAndGradient without = value_and_gradient(p.network, p.task, {.loops = {0}});
    CHECK(closed.loss.value == doctest::Approx(without.loss.value).epsilon(1e-14));
    CHECK((closed.gradient.u[0] - without.gradient.u[0]).norm() < 1e-14);
    CHECK((closed.gradient.weights - without.gradient.weights).norm() < 1e-14);
}

TEST_CASE("value_and_gradient: it has what was asked for, in the order of asking") {
    const Problem p = problem();
    const TrainingGradient every = value_and_gradient(p.network, p.task, all).gradient;
    const TrainedParts parts{.weights = false,
                             .loops = {1, 0},
                             .bias = false,
                             .input = false,
                             .readout = false,
                             .initial = false,
                             .gains = false};
    const TrainingGradient found = value_and_gradient(p.network, p.task, parts).gradient;
    CHECK(found.u.at(0) == every.u[1]);
    CHECK(found.v.at(1) == every.v[0]);
    CHECK(found.weights.size() + found.bias.size() + found.input.size() + found.readout.size() +
              found.initial.size() + found.gains.size() ==
          0);
    CHECK(value_and_gradient(p.network, p.task).gradient.u.empty());
}

TEST_CASE("value_and_gradient: a workspace that was used before leaves no trace") {
    const Problem small = problem(), large = problem(Response::softplus, 400, 5);
    const LossAndGradient fresh = value_and_gradient(small.network, small.task, all);
    TrainingWorkspace workspace;
    static_cast<void>(value_and_gradient(large.network, large.task, all, workspace));
    for (int i = 0; i < 2; ++i) {
        const LossAndGradient again = value_and_gradient(small.network, small.task, all, workspace);
        CHECK(again.loss.value == fresh.loss.value);
        CHECK(again.gradient.weights == fresh.gradient.weights);
        CHECK(again.gradient.u[0] == fresh.gradient.u[0]);
        CHECK(again.gradient.initial == fresh.gradient.initial);
    }
}

TEST_CASE("value_and_gradient: a step of τ is the network without memory") {
    Problem p = problem();
    p.task.h = p.network.network.tau;
    p.network.network.weights = Matrix(Matrix::Zero(7, 7));
    p.network.loops.clear();
    p.task.gates.clear();
    TrainingWorkspace workspace;
    static_cast<void>(value_and_gradient(p.network, p.task, {}, workspace));
    for (Index column = 0; column < 9 * 3; ++column)
        CHECK((workspace.states.col(column + 3) - p.network.network.bias -
               p.network.input * p.task.inputs.col(column))
                  .norm() < 1e-14);
}
