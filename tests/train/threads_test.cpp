#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "heddle/core/error.hpp"
#include "heddle/train/gradient.hpp"
#include "train/blocks.hpp"
#include "train/problems.hpp"

using namespace heddle;

TEST_CASE("blocks_of: every trial once and in order, none of few, 16 at most") {
    for (Index trials = 1; trials < 2000; trials += 13) {
        const std::vector<Trials> blocks = blocks_of(trials);
        CHECK(blocks.size() <= 16);
        Index next = 0;
        for (const Trials& block : blocks) {
            CHECK(block.first == next);
            CHECK(block.count >= std::min<Index>(trials, 32));
            next += block.count;
        }
        CHECK(next == trials);
    }
}

TEST_CASE("value_and_gradient: any number of threads gives the same bits") {
    const Problem p = problem(Response::tanh, 40, 110);
    REQUIRE(blocks_of(110).size() == 3);
    TrainingWorkspace one;
    const LossAndGradient alone = value_and_gradient(p.network, p.task, all, one, 1);
    const Matrix outputs = training_outputs(p.network, p.task, 1);
    for (const std::size_t threads : {2, 3, 0}) {
        TrainingWorkspace workspace;
        const LossAndGradient found =
            value_and_gradient(p.network, p.task, all, workspace, threads);
        CHECK(workspace.states == one.states);
        CHECK(found.loss.value == alone.loss.value);
        CHECK(found.gradient.weights == alone.gradient.weights);
        CHECK(found.gradient.u == alone.gradient.u);
        CHECK(found.gradient.v == alone.gradient.v);
        CHECK(found.gradient.bias == alone.gradient.bias);
        CHECK(found.gradient.input == alone.gradient.input);
        CHECK(found.gradient.readout == alone.gradient.readout);
        CHECK(found.gradient.initial == alone.gradient.initial);
        CHECK(found.gradient.gains == alone.gradient.gains);
        CHECK(training_loss(p.network, p.task, threads).value == alone.loss.value);
        CHECK(training_outputs(p.network, p.task, threads) == outputs);
    }
}

namespace {

/// Trial `i` of a task alone, with what it counts for in the whole loss of outputs.
Problem trial_of(const Problem& p, Index i) {
    Problem one = p;
    const Index trials = p.task.trials;
    const auto own = [&](const Matrix& array) {
        const Index rows = array.rows();
        return Matrix(Eigen::Map<const Matrix, 0, Eigen::OuterStride<>>(
            array.col(i).data(), rows, array.cols() / trials, Eigen::OuterStride<>(rows * trials)));
    };
    one.network.initial = p.network.initial.col(i);
    one.task.trials = 1;
    one.task.start = p.task.start.col(i);
    one.task.inputs = own(p.task.inputs);
    one.task.targets = own(p.task.targets);
    one.task.gain_weights = own(p.task.gain_weights);
    one.task.weights = p.task.weights.col(i);
    for (Matrix& gate : one.task.gates) gate = gate.col(i).eval();
    return one;
}

}  // namespace

TEST_CASE("value_and_gradient: blocks of trials do not show: trials one by one have its sum") {
    Problem p = problem(Response::softplus, 12, 75);
    p.task.activity = p.task.velocity = 0.0;
    p.task.weights.array() += 0.1;
    REQUIRE(blocks_of(75).size() == 2);
    const LossAndGradient found = value_and_gradient(p.network, p.task, all);
    TrainingGradient sum;
    double loss = 0.0;
    for (Index i = 0; i < 75; ++i) {
        const Problem one = trial_of(p, i);
        const double share = one.task.weights.sum() / p.task.weights.sum();
        const LossAndGradient own = value_and_gradient(one.network, one.task, all);
        loss += share * own.loss.value;
        CHECK((found.gradient.initial.col(i) - share * own.gradient.initial).norm() < 1e-15);
        if (i == 0) {
            sum = own.gradient;
            sum.weights.setZero();
            sum.u[1].setZero();
            sum.gains.setZero();
            sum.input.setZero();
        }
        sum.weights += share * own.gradient.weights;
        sum.u[1] += share * own.gradient.u[1];
        sum.gains += share * own.gradient.gains;
        sum.input += share * own.gradient.input;
    }
    CHECK(found.loss.value == doctest::Approx(loss).epsilon(1e-13));
    CHECK((found.gradient.weights - sum.weights).norm() < 1e-13 * sum.weights.norm());
    CHECK((found.gradient.u[1] - sum.u[1]).norm() < 1e-13 * sum.u[1].norm());
    CHECK((found.gradient.gains - sum.gains).norm() < 1e-13 * sum.gains.norm());
    CHECK((found.gradient.input - sum.input).norm() < 1e-13 * sum.input.norm());
}

TEST_CASE("training_loss: of several blocks that fail the first is named, by any threads") {
    Problem p = problem(Response::linear, 2000, 128);
    p.task.start.setZero();
    p.network.initial.setZero();
    p.network.network.bias.setZero();
    p.network.network.weights = Matrix(3.0 * Matrix::Identity(7, 7));
    p.network.gains = Matrix::Ones(7, 2);
    p.task.gain_weights.setConstant(5.0);
    p.task.inputs.setZero();
    p.network.loops.clear();
    p.task.gates.clear();
    p.network.initial(4, 70) = 1e-250;
    p.network.initial(2, 101) = 1.0;
    for (const std::size_t threads : {1, 2, 4}) {
        std::string found;
        try {
            static_cast<void>(training_loss(p.network, p.task, threads));
        } catch (const DomainError& error) {
            found = error.what();
        }
        CAPTURE(found);
        CHECK(found.find(" in trial 70 is not finite") != std::string::npos);
    }
}
