#include "heddle/rectified/cycles.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "cycle_examples.hpp"
#include "heddle/core/error.hpp"

using namespace heddle;
using namespace heddle::examples;

namespace {

Cycle three_cycle() {
    return cycle_from(ctln(cyclic_graph(3)), Vector{{0.3, 0.1, 0.0}});
}

/// Tiny Runge–Kutta steps through the equations as they are written.
Vector small_steps(const ThresholdLinear& system, Vector x, double time, Index steps) {
    const double h = time / static_cast<double>(steps) / system.tau;
    for (Index i = 0; i < steps; ++i) {
        const Vector k1 = velocity(system, x), k2 = velocity(system, x + 0.5 * h * k1),
                     k3 = velocity(system, x + 0.5 * h * k2), k4 = velocity(system, x + h * k3);
        x += h / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4);
    }
    return x;
}

}  // namespace

TEST_CASE("cycle_from: the cyclic graph of three units has one stable cycle (residual identity)") {
    const Cycle cycle = three_cycle();
    REQUIRE(cycle.outcome == CycleOutcome::found);
    CHECK(cycle.trusted);
    CHECK(cycle.stable);
    CHECK(cycle.residual < 1e-12);
    CHECK(cycle.surface_residual < 1e-12);
    CHECK(cycle.closure < 1e-11);
    CHECK(cycle.trivial_error < 1e-9);
    CHECK(cycle.dwell.minCoeff() > 0.0);
    CHECK(cycle.margin > 1e-3);
}

TEST_CASE("cycle_from: small steps come back after one period (slow twin)") {
    const ThresholdLinear system = ctln(cyclic_graph(3));
    const Cycle cycle = three_cycle();
    const Vector x = cycle.states.col(0);
    const Vector end = small_steps(system, x, cycle.period, 40000);
    CHECK((end - x).norm() / x.norm() < 1e-9);
}

TEST_CASE("Cycle: multipliers are those of the flow's numerical derivative (slow twin)") {
    const ThresholdLinear system = ctln(cyclic_graph(3));
    const Cycle cycle = three_cycle();
    const double step = 1e-4;
    // Within a region, where perturbed orbits keep the itinerary: there the flow is smooth.
    const Vector middle = small_steps(system, cycle.states.col(0), 0.5 * cycle.dwell[0], 2000);
    Matrix derivative(3, 3);
    for (Index i = 0; i < 3; ++i) {
        Vector up = middle, down = up;
        up[i] += step;
        down[i] -= step;
        derivative.col(i) = (small_steps(system, up, cycle.period, 20000) -
                             small_steps(system, down, cycle.period, 20000)) /
                            (2.0 * step);
    }
    CHECK(std::abs(derivative.trace() - cycle.multipliers.sum().real()) < 1e-6);
}

TEST_CASE("Cycle: the product of the multipliers is exp(Σ tr A_k t_k / τ) (closed form)") {
    const ThresholdLinear system = ctln(cyclic_graph(3));
    const Cycle cycle = three_cycle();
    double exponent = 0.0;
    for (std::size_t k = 0; k < cycle.itinerary.size(); ++k)
        exponent += region_matrix(system, cycle.itinerary[k]).trace() *
                    cycle.dwell[static_cast<Index>(k)] / system.tau;
    const Complex product = cycle.multipliers.prod();
    // The smallest multiplier is known to ε of the largest.
    CHECK(std::abs(product - std::exp(exponent)) < 1e-14);
}

TEST_CASE("Cycle: on the cyclic graph every third of the period repeats the last (closed form)") {
    const Cycle cycle = three_cycle();
    const Index p = cycle.dwell.size();
    REQUIRE(p % 3 == 0);
    for (Index k = 0; k < p; ++k)
        CHECK(std::abs(cycle.dwell[k] - cycle.dwell[(k + p / 3) % p]) < 1e-12);
}

TEST_CASE("refine_cycle: time reversed, the same cycle has inverse multipliers (closed form)") {
    const ThresholdLinear system = oscillator(0.4, -0.6, 0.3);
    const Cycle forwards = cycle_from(system, Vector{{1.0, 0.5}});
    REQUIRE(forwards.outcome == CycleOutcome::found);
    const ThresholdLinear reversed = time_reversed(system);
    const Index p = forwards.dwell.size();
    REQUIRE(p == 2);
    // Backwards the regions are left through the surface by which they were entered.
    CycleGuess guess{forwards.itinerary[1], {0, 0}, forwards.dwell.reverse(), {}};
    const Cycle backwards = refine_cycle(reversed, guess);
    REQUIRE(backwards.outcome == CycleOutcome::found);
    CHECK(std::abs(backwards.period / forwards.period - 1.0) < 1e-12);
    CHECK(std::abs(backwards.largest * forwards.largest - 1.0) < 1e-10);
    CHECK(forwards.stable);
    CHECK(!backwards.stable);
}

TEST_CASE("cycle_from: half turns of two foci take π / ω₁ + π / ω₂ (closed form)") {
    // Without offset the half turns are exact, and equal and opposite damping closes them all.
    const ThresholdLinear system = oscillator(0.4, -0.4, 0.0);
    const double omega = std::sqrt(1.0 - 0.04);
    CycleGuess guess{{0}, {0, 0}, Vector{{0.03, 0.03}}, Matrix{{0.0, 0.0}, {-1.0, 1.8}}};
    guess.states(1, 1) = std::exp(0.2 * M_PI / omega);
    guess.dwell.setConstant(system.tau * M_PI / omega);
    const Cycle cycle = refine_cycle(system, guess);
    REQUIRE(cycle.outcome == CycleOutcome::found);
    CHECK(std::abs(cycle.period / (2.0 * system.tau * M_PI / omega) - 1.0) < 1e-12);
    CHECK(!cycle.stable);
    CHECK(cycle.statement.find("unit circle") != std::string::npos);
}

TEST_CASE("find_cycles: an unstable cycle is found where trajectories leave it (residual)") {
    CycleSearchOptions options;
    options.starts = 8;
    const CycleSearch search = find_cycles(time_reversed(oscillator(0.4, -0.6, 0.3)), options);
    REQUIRE(search.cycles.size() == 1);
    CHECK(!search.cycles.front().stable);
    CHECK(search.cycles.front().trusted);
    CHECK(search.statement.find("not exhaustive") != std::string::npos);
}

TEST_CASE("find_cycles: any number of threads gives the same bits") {
    CycleSearchOptions options;
    options.starts = 6;
    options.threads = 1;
    const ThresholdLinear system = ctln(cyclic_graph(4));
    const CycleSearch one = find_cycles(system, options);
    options.threads = 3;
    const CycleSearch three = find_cycles(system, options);
    REQUIRE(!one.cycles.empty());
    REQUIRE(one.cycles.size() == three.cycles.size());
    for (std::size_t k = 0; k < one.cycles.size(); ++k) {
        CHECK(one.cycles[k].states == three.cycles[k].states);
        CHECK(one.cycles[k].dwell == three.cycles[k].dwell);
    }
    CHECK(one.starts_of == three.starts_of);
}

TEST_CASE("find_cycles: a network with symmetric weights has none (closed form)") {
    Matrix w = 0.3 * random_matrix(5, 5, 3);
    w = 0.5 * (w + w.transpose()).eval();
    Network network = make_network(w, 1, 0, 0.01, Response::rectified);
    network.bias = Vector::Ones(5);
    const CycleSearch search = find_cycles(rate_form(network), {.starts = 8});
    CHECK(search.cycles.empty());
    CHECK(search.fixed_points == 8);
}

TEST_CASE("cycle_from: what is no cycle is called what it is (limit cases)") {
    Network network = make_network(Matrix(Matrix::Zero(2, 2)), 1, 0, 0.01, Response::rectified);
    CHECK(cycle_from(rate_form(network), Vector{{1.0, 2.0}}).outcome == CycleOutcome::fixed_point);
    network.weights = Matrix(Matrix::Identity(2, 2) * 3.0);
    const Cycle growing = cycle_from(rate_form(network), Vector{{1.0, 2.0}});
    CHECK(growing.outcome == CycleOutcome::diverges);
    CHECK(!growing.trusted);
    CHECK(growing.statement.find("grows") != std::string::npos);
}

TEST_CASE("refine_cycle: a wrong itinerary is called virtual, or none") {
    const ThresholdLinear system = ctln(cyclic_graph(3));
    const Cycle cycle = three_cycle();
    // Without the last two crossings.
    CycleGuess guess{{0}, {1, 1}, Vector{{0.02, 0.03}}, {}};
    const Cycle found = refine_cycle(system, guess);
    CHECK(found.outcome != CycleOutcome::found);
    CHECK(!found.trusted);
    CHECK(!found.statement.empty());
}

TEST_CASE("refine_cycle: bad guesses name the field") {
    const ThresholdLinear system = ctln(cyclic_graph(3));
    const Vector dwell = Vector::Constant(2, 0.01);
    CHECK_THROWS_WITH_AS(static_cast<void>(refine_cycle(system, {{0}, {}, {}, {}})),
                         doctest::Contains("units"), DomainError);
    CHECK_THROWS_WITH_AS(static_cast<void>(refine_cycle(system, {{0}, {1, 2}, dwell, {}})),
                         doctest::Contains("odd number"), DomainError);
    CHECK_THROWS_WITH_AS(static_cast<void>(refine_cycle(system, {{0}, {1, 7}, dwell, {}})),
                         doctest::Contains("unit 7"), DomainError);
    CHECK_THROWS_WITH_AS(static_cast<void>(refine_cycle(system, {{0}, {1, 1}, -dwell, {}})),
                         doctest::Contains("dwell"), DomainError);
    CHECK_THROWS_AS(static_cast<void>(refine_cycle(system, {{0}, {1, 1}, Vector::Ones(3), {}})),
                    ShapeError);
    CHECK_THROWS_AS(
        static_cast<void>(refine_cycle(system, {{0}, {1, 1}, dwell, Matrix::Ones(2, 2)})),
        ShapeError);
}

TEST_CASE("find_cycles: bad options are named") {
    const ThresholdLinear system = ctln(cyclic_graph(3));
    CHECK_THROWS_WITH_AS(static_cast<void>(find_cycles(system, {.starts = 0})),
                         doctest::Contains("starts"), DomainError);
    CHECK_THROWS_WITH_AS(static_cast<void>(find_cycles(system, {.spread = -1.0})),
                         doctest::Contains("spread"), DomainError);
    CHECK_THROWS_WITH_AS(static_cast<void>(find_cycles(system, {.tolerance = 2.0})),
                         doctest::Contains("tolerance"), DomainError);
    CycleSearchOptions options;
    options.cycle.nearness = 0.0;
    CHECK_THROWS_WITH_AS(static_cast<void>(find_cycles(system, options)),
                         doctest::Contains("nearness"), DomainError);
}
