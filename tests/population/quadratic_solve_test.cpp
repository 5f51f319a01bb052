#include <doctest/doctest.h>

#include <cmath>
#include <complex>
#include <limits>
#include <numbers>

#include "equations/delay_line.hpp"
#include "heddle/core/error.hpp"
#include "heddle/population/quadratic.hpp"
#include "population/quadratic_circuits.hpp"

using namespace heddle;

namespace {

constexpr double any = std::numeric_limits<double>::infinity();

}  // namespace

TEST_CASE("solve: without coupling π τ r + i v = w tanh(i w t / τ), w² = η − i Δ, from V = 0") {
    const double eta = 0.8, delta = 0.5, tau = 12.0;
    Circuit circuit{.populations = {examples::quadratic("E", eta, delta, tau)},
                    .projections = {},
                    .inputs = {},
                    .readouts = {}};
    const RateTrajectory found = solve(quadratic_rates(circuit), {.duration = 60.0, .step = 0.05});
    const Complex w = std::sqrt(Complex(eta, -delta));
    for (Index k = 0; k < found.times.size(); k += 25) {
        const Complex exact = w * std::tanh(Complex(0.0, 1.0) * w * found.times[k] / tau);
        CHECK(1e-3 * std::numbers::pi * tau * found.states(0, k) ==
              doctest::Approx(exact.real()).epsilon(1e-8));
        CHECK(found.states(1, k) == doctest::Approx(exact.imag()).epsilon(1e-8));
    }
}

TEST_CASE("solve: a shared current acts as eta does, from its time on, wherever that lies") {
    Circuit circuit = examples::one_population(-2.0, 1.0, 0.0);
    circuit.inputs = {{"E", CurrentInput{{10.03}, Matrix{{3.0}}}}};
    const RateTrajectory pushed = solve(quadratic_rates(circuit), {.duration = 40.0, .step = 0.1});
    circuit.inputs.clear();
    const RateTrajectory before =
        solve(quadratic_rates(circuit), {.duration = 10.03, .step = 0.01});
    circuit.populations[0].quenched["eta"].location = 1.0;
    const RateTrajectory after =
        solve(quadratic_rates(circuit),
              {.duration = 29.97, .step = 0.01, .initial = before.states.rightCols<1>()});
    const Vector difference = pushed.states.rightCols<1>() - after.states.rightCols<1>();
    CHECK(difference.cwiseAbs().maxCoeff() < 1e-3);
    CHECK(after.states.rightCols<1>()[0] > 1.2 * before.states.rightCols<1>()[0]);
}

TEST_CASE("solve: order 4, with delays, three kinds of synapses, adaptation and a current") {
    const QuadraticRates equations = quadratic_rates(examples::two_populations());
    const auto end_of = [&](double step) {
        return Vector(solve(equations, {.duration = 80.0, .step = step, .tolerance = any})
                          .states.rightCols<1>());
    };
    const Vector exact = end_of(0.005);
    const double coarse = (end_of(0.4) - exact).norm();
    const double fine = (end_of(0.1) - exact).norm();
    INFO(coarse << " " << fine);
    CHECK(std::log(coarse / fine) / std::log(4.0) == doctest::Approx(4.0).epsilon(0.05));
}

TEST_CASE("solve: its error is at least that of what it returns, aligned delays or not") {
    Circuit circuit = examples::two_populations();
    for (const double delay : {2.0, 1.737}) {
        circuit.projections[2].delay.location = delay;
        const QuadraticRates equations = quadratic_rates(circuit);
        const RateTrajectory coarse =
            solve(equations, {.duration = 80.0, .step = 0.5, .tolerance = any});
        const RateTrajectory fine = solve(equations, {.duration = 80.0, .step = 0.005});
        double largest = 0.0;
        for (Index k = 0; k < coarse.times.size(); ++k) {
            const Vector off = (coarse.states.col(k) - fine.states.col(100 * k)).cwiseAbs();
            CHECK((off.array() <= coarse.error.array()).all());
            largest = std::max(largest, off.maxCoeff());
        }
        CHECK(coarse.error.maxCoeff() < 100.0 * largest);  // And no empty statement.
    }
}

TEST_CASE("DelayLine: exact for cubics, and constant before time 0") {
    const auto value = [](double t) { return 1.0 + t - 0.3 * t * t + 0.05 * t * t * t; };
    const auto slope = [](double t) { return 1.0 - 0.6 * t + 0.15 * t * t; };
    const double step = 0.25;
    Vector values(21), slopes(21);
    for (Index k = 0; k < 21; ++k) {
        values[k] = value(static_cast<double>(k) * step);
        slopes[k] = slope(static_cast<double>(k) * step);
    }
    for (const double delay : {1.0, 2.0, 1.3, 3.75}) {
        const DelayLine line(delay);
        const auto stages = {DelayLine::start, DelayLine::middle, DelayLine::end};
        for (const DelayLine::Stage stage : stages) {
            const double at = (10.0 + 0.5 * static_cast<double>(stage) - delay) * step;
            CHECK(line.read(stage, 10, values.data(), slopes.data(), step) ==
                  doctest::Approx(value(at)).epsilon(1e-13));
        }
        CHECK(line.read(DelayLine::start, 0, values.data(), slopes.data(), step) == values[0]);
    }
}

TEST_CASE("solve: steps above a delay and wrong starts are refused") {
    const QuadraticRates equations = quadratic_rates(examples::two_populations());
    CHECK_THROWS_WITH_AS((void)solve(equations, {.step = 1.5}),
                         "step is 1.5 ms, above the delay of 'r_I', 1 ms; give at most that",
                         DomainError);
    CHECK_THROWS_AS((void)solve(equations, {.step = 0.0}), DomainError);
    CHECK_THROWS_AS((void)solve(equations, {.duration = -1.0}), DomainError);
    CHECK_THROWS_AS((void)solve(equations, {.initial = Vector::Zero(2)}), ShapeError);
    CHECK_THROWS_AS((void)solve(equations, {.initial = Vector::Constant(8, NAN)}), DomainError);
    CHECK_THROWS_WITH_AS((void)solve(equations, {.duration = 1.0, .step = 2.0}),
                         "step is 2 ms, above the duration 1 ms; give a part of it", DomainError);
}

TEST_CASE("solve: a burst after silence takes the inner steps that it needs, or says so") {
    Circuit circuit = examples::one_population(0.0, 1.0, 0.0);
    circuit.projections.clear();
    circuit.inputs = {{"E", CurrentInput{{0.0, 30.0}, Matrix{{-50.0, 30.0}}}}};
    const QuadraticRates equations = quadratic_rates(circuit);
    const RateTrajectory found = solve(equations, {.duration = 45.0, .step = 0.5});
    CHECK(found.inner_step < 0.02);
    const RateTrajectory fine = solve(equations, {.duration = 45.0, .step = 0.001});
    for (Index k = 0; k < found.times.size(); ++k)
        CHECK(std::abs(found.rates(0, k) - fine.rates(0, 500 * k)) <= found.error[0]);
    CHECK_THROWS_WITH_AS(
        (void)solve(equations, {.duration = 45.0, .step = 0.5, .tolerance = 1e-18}),
        "the rate equations are not solved to a tolerance of 1e-18 by steps of 0.00195312 ms; a "
        "step shorter than 0.5 ms or a larger tolerance may do",
        NotConverged);
    CHECK_THROWS_WITH_AS((void)solve(equations, {.tolerance = 0.0}),
                         "tolerance is 0; it must be > 0", DomainError);
}
