#include <doctest/doctest.h>

#include "heddle/train/gradient.hpp"
#include "train/problems.hpp"

using namespace heddle;

TEST_CASE("value_and_gradient: gains of 1 are none, to the bit") {
    const Problem p = without_gains(problem());
    Problem ones = p;
    ones.network.gains = Matrix::Ones(7, 1);
    ones.task.gain_weights = Matrix::Ones(1, 10 * 3);
    const LossAndGradient without = value_and_gradient(p.network, p.task, all);
    const LossAndGradient with = value_and_gradient(ones.network, ones.task, all);
    CHECK(with.loss.value == without.loss.value);
    CHECK(with.gradient.weights == without.gradient.weights);
    CHECK(with.gradient.v[0] == without.gradient.v[0]);
    CHECK(with.gradient.initial == without.gradient.initial);
    CHECK(without.gradient.gains.size() == 0);
}

TEST_CASE("value_and_gradient: gains that stay scale the columns of W and C and the rows of V") {
    // With ρ = G a for all steps and trials, W' = W diag ρ, V' = diag ρ V and C' = C diag ρ make
    // the same outputs, and ∂ℓ/∂ρ_j = Σ_i W_ij ∂ℓ/∂W'_ij + Σ_k V_jk ∂ℓ/∂V'_jk + Σ_i C_ij ∂ℓ/∂C'_ij.
    Problem p = problem();
    p.task.activity = 0.0;
    p.task.gain_weights = Vector(random_matrix(2, 1, 20)).replicate(1, 10 * 3);
    const Vector gains = p.network.gains * p.task.gain_weights.col(0);
    Problem scaled = without_gains(p);
    scaled.task.start = p.task.start;
    const Matrix w = std::get<Matrix>(p.network.network.weights), c = p.network.network.readout;
    scaled.network.network.weights = Matrix(w * gains.asDiagonal());
    scaled.network.network.readout = c * gains.asDiagonal();
    for (Loops& loops : scaled.network.loops) loops.v = gains.asDiagonal() * loops.v;
    const LossAndGradient found = value_and_gradient(p.network, p.task, all);
    const LossAndGradient expected = value_and_gradient(scaled.network, scaled.task, all);
    CHECK(found.loss.value == doctest::Approx(expected.loss.value).epsilon(1e-14));
    Vector slope = w.cwiseProduct(expected.gradient.weights).colwise().sum().transpose() +
                   c.cwiseProduct(expected.gradient.readout).colwise().sum().transpose();
    for (std::size_t l = 0; l < 2; ++l)
        slope += p.network.loops[l].v.cwiseProduct(expected.gradient.v[l]).rowwise().sum();
    const Matrix outer = slope * p.task.gain_weights.col(0).transpose();
    CHECK((found.gradient.gains - outer).norm() < 1e-13 * outer.norm());
}

TEST_CASE("value_and_gradient: a start is added to the initial state, which may be left out") {
    Problem p = problem();
    const LossAndGradient found = value_and_gradient(p.network, p.task, all);
    Problem moved = p;
    moved.network.initial += p.task.start;
    moved.task.start.resize(0, 0);
    const LossAndGradient there = value_and_gradient(moved.network, moved.task, all);
    CHECK(found.loss.value == there.loss.value);
    CHECK(found.gradient.initial == there.gradient.initial);
    moved.task.start = moved.network.initial;
    moved.network.initial.resize(0, 0);
    const LossAndGradient free = value_and_gradient(moved.network, moved.task, all);
    CHECK(free.loss.value == there.loss.value);
    CHECK(free.gradient.initial.cols() == 1);
    CHECK((free.gradient.initial - there.gradient.initial.rowwise().sum()).norm() < 1e-15);
}

TEST_CASE("training_outputs: they are what the loss compares with the targets, asked for or not") {
    const Problem p = problem(Response::softplus, 300, 7);
    TrainingWorkspace workspace;
    const TrainingLoss loss = training_loss(p.network, p.task, workspace);
    const Matrix states = workspace.states;
    TrainingTask free = p.task;
    free.targets.resize(0, 0);
    free.weights.resize(0, 0);
    free.activity = free.velocity = 0.0;
    const Matrix outputs = training_outputs(p.network, free, workspace);
    CHECK(workspace.states == states);
    REQUIRE(outputs.cols() == 301 * 7);
    double error = 0.0;
    for (Index t = 0; t <= 300; ++t)
        for (Index i = 0; i < 7; ++i)
            error += p.task.weights(t, i) *
                     (outputs.col(7 * t + i) - p.task.targets.col(7 * t + i)).squaredNorm();
    error /= 2.0 * p.task.weights.sum();
    CHECK(error == doctest::Approx(loss.output_error).epsilon(1e-13));
}
