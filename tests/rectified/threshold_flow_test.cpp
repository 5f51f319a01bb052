#include "heddle/rectified/threshold_flow.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <numbers>

#include "heddle/core/error.hpp"
#include "heddle/linalg/exponential.hpp"
#include "support/examples.hpp"

using namespace heddle;

namespace {

/// Three units in a ring that inhibit each other more against it than along it (a CTLN): a limit
/// cycle.
ThresholdLinear ring() {
    Matrix w(3, 3);
    w << 0.0, -1.5, -0.75, -0.75, 0.0, -1.5, -1.5, -0.75, 0.0;
    Network network = make_network(w, 0, 0, 0.01, Response::rectified);
    network.bias.setOnes();
    return rate_form(network);
}

ThresholdLinear loops_on_cortex(Index n, Index k, std::uint64_t seed) {
    const Network network = examples::network(n, 1, seed, 0.9);
    const double scale = 2.0 / std::sqrt(static_cast<double>(n));
    const Loops loops{scale * examples::random_matrix(n, k, seed + 1),
                      scale * examples::random_matrix(n, k, seed + 2)};
    return rectified_loops(network, loops, 0.3 * examples::random_matrix(k, 1, seed + 3));
}

/// The system with rectified units added that send nothing: with many units L is not diagonalised.
ThresholdLinear with_idle_units(ThresholdLinear system, Index count) {
    const Index n = system.states();
    const Index m = system.units();
    system.outputs.conservativeResize(n, m + count);
    system.outputs.rightCols(count).setZero();
    system.inputs.conservativeResize(m + count, n);
    system.inputs.bottomRows(count).setZero();
    system.bias.conservativeResize(m + count);
    system.bias.tail(count).setConstant(-1.0);
    return system;
}

Vector classical_runge_kutta(const ThresholdLinear& system, Vector x, double time, Index steps) {
    const double h = time / (system.tau * static_cast<double>(steps));
    for (Index step = 0; step < steps; ++step) {
        const Vector k1 = velocity(system, x);
        const Vector k2 = velocity(system, x + 0.5 * h * k1);
        const Vector k3 = velocity(system, x + 0.5 * h * k2);
        const Vector k4 = velocity(system, x + h * k3);
        x += h / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4);
    }
    return x;
}

/// An undamped rotation of period 2π τ whose first variable, cos t, drives one unit over `bias`.
ThresholdLinear rotation(double bias) {
    ThresholdLinear system;
    system.linear.resize(2, 2);
    system.linear << 0.0, -1.0, 1.0, 0.0;
    system.outputs = Matrix::Zero(2, 1);
    system.inputs.resize(1, 2);
    system.inputs << 1.0, 0.0;
    system.bias = Vector::Constant(1, bias);
    system.drive = Vector::Zero(2);
    system.tau = 1.0;
    return system;
}

Vector last_state(const ThresholdFlow& flow) {
    return flow.states.col(flow.states.cols() - 1);
}

}  // namespace

TEST_CASE("threshold_flow: without rectified units it is the exponential (closed form)") {
    const ThresholdLinear system = input_form(examples::network(20, 1));
    const Vector x = examples::random_matrix(20, 1, 2);
    const Vector times = Vector::LinSpaced(11, 0.0, 0.5);
    const ThresholdFlow flow = threshold_flow(system, x, times);
    CHECK(flow.complete);
    for (Index i = 0; i < times.size(); ++i) {
        const Vector exact = exponential(system.linear * (times[i] / system.tau)) * x;
        CHECK((flow.states.col(i) - exact).norm() < 1e-13 * x.norm());
    }
}

TEST_CASE(
    "threshold_flow: it agrees with many small steps in both forms and with loops (slow twin)") {
    Network network = make_network(Matrix(1.5 / std::sqrt(8.0) * examples::random_matrix(8, 8, 5)),
                                   0, 0, 0.01, Response::rectified);
    network.bias = examples::random_matrix(8, 1, 6);
    for (const ThresholdLinear& system :
         {input_form(network), rate_form(network), input_form(network, {0, 2, 5}),
          rate_form(network, {1, 4}), loops_on_cortex(12, 3, 4)}) {
        const Vector x = examples::random_matrix(system.states(), 1, 7);
        const ThresholdFlow flow = threshold_flow(system, x, Vector::Constant(1, 0.2));
        const Vector stepped = classical_runge_kutta(system, x, 0.2, 200000);
        CHECK(flow.complete);
        CHECK(!flow.crossings.empty());
        CHECK((last_state(flow) - stepped).norm() < 1e-8 * stepped.norm());
    }
}

TEST_CASE("threshold_flow: turned and dense coordinates give the same trajectory (slow twin)") {
    const ThresholdLinear system = loops_on_cortex(60, 6, 11);
    const Vector x = examples::random_matrix(60, 1, 3);
    const Vector times = Vector::LinSpaced(50, 0.0, 0.4);
    const ThresholdFlow turned = threshold_flow(system, x, times);
    const ThresholdFlow dense = threshold_flow(with_idle_units(system, 20), x, times);
    CHECK(turned.backward_error > 0.0);
    CHECK(dense.backward_error == 0.0);
    REQUIRE(turned.crossings.size() == dense.crossings.size());
    CHECK(turned.crossings.size() > 5);
    CHECK((turned.states - dense.states).norm() < 1e-10 * dense.states.norm());
}

TEST_CASE("threshold_flow: at every crossing its unit's input is zero (residual identity)") {
    const ThresholdLinear system = ring();
    Vector x(3);
    x << 0.2, 0.3, 0.1;
    const ThresholdFlow flow = threshold_flow(system, x, Vector::Constant(1, 20.0));
    CHECK(flow.complete);
    CHECK(flow.crossings.size() > 600);
    double worst = 0.0;
    for (std::size_t i = 0; i < flow.crossings.size(); ++i) {
        const Vector input = unit_inputs(system, flow.crossing_states.col(static_cast<Index>(i)));
        worst = std::max(worst, std::abs(input[flow.crossings[i].unit]));
    }
    CHECK(worst < 1e-14);
    CHECK(flow.truncation < 1e-11);
}

TEST_CASE("threshold_flow: no pair of crossings is missed, however near (closed form)") {
    Vector x(2);
    x << 1.0, 0.0;
    for (const double depth : {1e-2, 1e-6, 1e-10}) {
        const ThresholdFlow flow =
            threshold_flow(rotation(-1.0 + depth), x, Vector::Constant(1, 20.0 * std::numbers::pi));
        REQUIRE(flow.crossings.size() == 20);
        const double half = std::acos(1.0 - depth);
        CHECK(flow.initial_support == Support{0});
        for (std::size_t i = 0; i < 20; ++i) {
            const double turn =
                2.0 * std::numbers::pi * std::floor((static_cast<double>(i) + 1) / 2);
            const double expected = i % 2 == 0 ? turn + half : turn - half;
            // cos has no slope here, so that rounding of size ε moves the crossing by ε / half.
            CHECK(std::abs(flow.crossings[i].time - expected) < 1e-13 + 1e-13 / half);
        }
    }
}

TEST_CASE("threshold_flow: an input that touches its threshold grazes it (limit case)") {
    Vector x(2);
    x << 0.0, -1.0;  // cos reaches 1 at π / 2
    const ThresholdFlow above = threshold_flow(rotation(-1.0 - 1e-10), x, Vector::Constant(1, 6.0));
    CHECK(above.crossings.empty());
    REQUIRE(above.grazings.size() == 1);
    CHECK(above.grazings[0].time == doctest::Approx(0.5 * std::numbers::pi).epsilon(1e-6));
    const ThresholdFlow clear = threshold_flow(rotation(-1.0 - 1e-3), x, Vector::Constant(1, 6.0));
    CHECK(clear.grazings.empty());
}

TEST_CASE("threshold_flow: units that cross together both cross (limit case)") {
    ThresholdLinear system = rotation(-0.5);
    system.outputs = Matrix::Zero(2, 2);
    system.inputs = Matrix(system.inputs.replicate(2, 1));
    system.bias = Vector::Constant(2, -0.5);
    Vector x(2);
    x << 1.0, 0.0;
    const ThresholdFlow flow = threshold_flow(system, x, Vector::Constant(1, 2.0));
    REQUIRE(flow.crossings.size() == 2);
    CHECK(flow.crossings[0].unit != flow.crossings[1].unit);
    CHECK(flow.crossings[0].time == doctest::Approx(std::numbers::pi / 3.0).epsilon(1e-14));
    CHECK(flow.crossings[1].time == doctest::Approx(std::numbers::pi / 3.0).epsilon(1e-14));
    CHECK(flow.final_support.empty());
}

TEST_CASE("threshold_flow: a start on a threshold goes to the side it moves to (limit case)") {
    Vector x(2);
    x << 0.5, -std::sqrt(0.75);  // rising through cos = 1 / 2
    CHECK(threshold_flow(rotation(-0.5), x, Vector::Constant(1, 0.1)).initial_support ==
          Support{0});
    x[1] *= -1.0;
    CHECK(threshold_flow(rotation(-0.5), x, Vector::Constant(1, 0.1)).initial_support.empty());
}

TEST_CASE(
    "threshold_flow: from rest, where every unit is on its threshold, the bias decides (slow "
    "twin)") {
    Network network = make_network(Matrix(0.8 * examples::random_matrix(5, 5, 8)), 0, 0, 0.01,
                                   Response::rectified);
    network.bias << 1.0, -0.5, 0.3, 0.0, -1.0;
    const ThresholdLinear system = input_form(network);
    const ThresholdFlow flow = threshold_flow(system, Vector::Zero(5), Vector::Constant(1, 0.05));
    const Vector stepped = classical_runge_kutta(system, Vector::Zero(5), 0.05, 100000);
    CHECK(flow.steps < 200);
    CHECK(flow.initial_support.size() >= 2);
    CHECK((last_state(flow) - stepped).norm() < 1e-9 * stepped.norm());
}

TEST_CASE("threshold_flow: a storm of crossings and a state without bound end with a reason") {
    ThresholdFlowOptions options;
    options.most_crossings = 10;
    Vector x(3);
    x << 0.2, 0.3, 0.1;
    const ThresholdFlow storm =
        threshold_flow(ring(), x, Vector::LinSpaced(100, 0.0, 5.0), options);
    CHECK(!storm.complete);
    CHECK(storm.crossings.size() == 10);
    CHECK(storm.statement.find("event storm") != std::string::npos);
    CHECK(storm.states.cols() == storm.times.size());
    CHECK(storm.times.size() < 100);

    const Network unstable = make_network(Matrix(Matrix::Constant(1, 1, 3.0)), 0, 0);
    const ThresholdFlow grown =
        threshold_flow(input_form(unstable), Vector::Ones(1), Vector::Constant(1, 10.0));
    CHECK(!grown.complete);
    CHECK(grown.statement.find("without bound") != std::string::npos);
}

TEST_CASE("threshold_flow says which argument is wrong") {
    Vector times(2);
    times << 0.1, 0.05;
    const Vector x = Vector::Ones(3);
    CHECK_THROWS_WITH_AS((void)threshold_flow(ring(), x, times), doctest::Contains("times"),
                         DomainError);
    CHECK_THROWS_WITH_AS((void)threshold_flow(ring(), Vector::Ones(2), times),
                         doctest::Contains("initial"), ShapeError);
}

TEST_CASE(
    "threshold_flow: nothing is lost over 10,000 crossings of a bilinear oscillator (closed "
    "form)") {
    // ẍ = −x − 3 [x]₊ turns half the time with frequency 2, half the time with 1.
    ThresholdLinear system;
    system.linear.resize(2, 2);
    system.linear << 0.0, 1.0, -1.0, 0.0;
    system.outputs.resize(2, 1);
    system.outputs << 0.0, -3.0;
    system.inputs.resize(1, 2);
    system.inputs << 1.0, 0.0;
    system.bias = Vector::Zero(1);
    system.drive = Vector::Zero(2);
    system.tau = 1.0;
    Vector x(2);
    x << 0.0, 1.0;
    constexpr double period = 1.5 * std::numbers::pi;
    const ThresholdFlow flow = threshold_flow(system, x, Vector::Constant(1, 5000.5 * period));
    REQUIRE(flow.crossings.size() == 10001);
    double worst = 0.0;
    for (std::size_t i = 0; i < 10001; ++i) {
        const double expected =
            period * static_cast<double>((i + 1) / 2) + (i % 2 == 0 ? 0.5 * std::numbers::pi : 0.0);
        worst = std::max(worst, std::abs(flow.crossings[i].time - expected) / expected);
    }
    CHECK(worst < 1e-13);
    CHECK(std::abs(flow.crossing_states.col(9999).norm() - 1.0) < 1e-11);
}
