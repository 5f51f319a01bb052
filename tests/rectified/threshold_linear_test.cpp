#include "heddle/rectified/threshold_linear.hpp"

#include <doctest/doctest.h>

#include "heddle/core/error.hpp"
#include "heddle/linalg/solve.hpp"
#include "support/examples.hpp"

using namespace heddle;

namespace {

Network rectified_network(Index n) {
    Network network =
        make_network(Matrix(examples::random_matrix(n, n, 3)), 1, 0, 0.01, Response::rectified);
    network.bias = examples::random_matrix(n, 1, 4);
    return network;
}

}  // namespace

TEST_CASE(
    "input_form: L x + P [Q x + c]₊ + h is −x + W φ(x) + b for any mix of units (closed form)") {
    const Network network = rectified_network(7);
    const Matrix w = dense_weights(network);
    const Vector x = examples::random_matrix(7, 1, 5);
    for (const Support& rectified : {Support{}, Support{1, 4}, Support{0, 1, 2, 3, 4, 5, 6}}) {
        Vector phi = x;
        for (const Index j : rectified) phi[j] = std::max(x[j], 0.0);
        const ThresholdLinear system = input_form(network, rectified);
        CHECK((velocity(system, x) - (-x + w * phi + network.bias)).norm() < 1e-13);
    }
}

TEST_CASE("rate_form: with x = W r + b it moves as the input form does (slow twin)") {
    const Network network = rectified_network(7);
    const Matrix w = dense_weights(network);
    const Vector r = examples::random_matrix(7, 1, 6);
    for (const Support& rectified : {Support{}, Support{1, 4}, Support{0, 1, 2, 3, 4, 5, 6}}) {
        const Vector x = w * r + network.bias;
        const Vector rates = w * velocity(rate_form(network, rectified), r);
        CHECK((rates - velocity(input_form(network, rectified), x)).norm() < 1e-12);
    }
}

TEST_CASE("region_matrix: within a region the velocity is A_σ x + b_σ (closed form)") {
    const Network network = examples::network(12, 1);
    const Loops loops{examples::random_matrix(12, 4, 7), examples::random_matrix(12, 4, 8)};
    const Vector bias = examples::random_matrix(4, 1, 9);
    for (const double thalamic_tau : {0.0, 0.004}) {
        Loops lagging = loops;
        lagging.thalamic_tau = thalamic_tau;
        const ThresholdLinear system = rectified_loops(network, lagging, bias);
        const Vector x = examples::random_matrix(system.states(), 1, 10);
        const Support support = support_at(system, x);
        CHECK(!support.empty());
        CHECK(support.size() < 4);
        const Vector linear = region_matrix(system, support) * x + region_drive(system, support);
        CHECK((linear - velocity(system, x)).norm() < 1e-13);
    }
}

TEST_CASE("rectified_loops: with all units active they are the loops themselves (limit case)") {
    const Network network = examples::network(12, 1);
    const Loops loops{examples::random_matrix(12, 4, 7), examples::random_matrix(12, 4, 8)};
    const ThresholdLinear system = rectified_loops(network, loops, Vector::Zero(4));
    const Matrix closed = dense_weights(network) + loops.u * loops.v.transpose();
    CHECK((region_matrix(system, {0, 1, 2, 3}) + Matrix::Identity(12, 12) - closed).norm() < 1e-13);
}

TEST_CASE("unit_equations: both forms of a rectified network have M = W and q = b (closed form)") {
    const Network network = rectified_network(7);
    for (const ThresholdLinear& system : {input_form(network), rate_form(network)}) {
        const UnitEquations equations = unit_equations(system);
        CHECK((equations.m - dense_weights(network)).norm() < 1e-14);
        CHECK((equations.q - network.bias).norm() < 1e-14);
    }
}

TEST_CASE("unit_equations: a state in balance gives units in balance (residual identity)") {
    const Network network = examples::network(12, 1);
    const Loops loops{0.1 * examples::random_matrix(12, 4, 7),
                      0.1 * examples::random_matrix(12, 4, 8)};
    const ThresholdLinear system = rectified_loops(network, loops, Vector::Constant(4, 2.0));
    const UnitEquations equations = unit_equations(system);
    const Vector z = solve(Matrix::Identity(4, 4) - equations.m, equations.q);
    REQUIRE(z.minCoeff() > 0.0);  // all units are active
    const Vector x = equations.state_of_units * z + equations.state_of_drive;
    CHECK(velocity(system, x).norm() < 1e-12);
    CHECK((unit_inputs(system, x) - z).norm() < 1e-12);
}

TEST_CASE("threshold-linear systems say which part of them is wrong") {
    Network network = rectified_network(5);
    CHECK_THROWS_WITH_AS((void)input_form(network, {2, 1}), doctest::Contains("rising"),
                         DomainError);
    CHECK_THROWS_WITH_AS((void)rate_form(network, {5}), doctest::Contains("unit 5"), DomainError);
    network.response = Response::tanh;
    CHECK_THROWS_WITH_AS((void)input_form(network), doctest::Contains("tanh"), DomainError);
    ThresholdLinear system = input_form(rectified_network(5));
    system.bias.resize(3);
    CHECK_THROWS_WITH_AS(validate(system), doctest::Contains("bias"), ShapeError);
    system = input_form(rectified_network(5));
    system.linear.setZero();
    CHECK_THROWS_WITH_AS((void)unit_equations(system), doctest::Contains("singular"), DomainError);
}
