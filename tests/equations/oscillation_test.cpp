#include "heddle/equations/oscillation.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <numbers>

#include "equations/systems.hpp"
#include "heddle/core/error.hpp"
#include "heddle/equations/rate_solution.hpp"

using namespace heddle;

namespace {

constexpr double pi = std::numbers::pi;

/// A circle of radius √p, once in 10 ms; held to what it was a period ago by `feedback`.
RateEquations circle(double p, double feedback) {
    const Expression x = symbol("x"), y = symbol("y"), grows = symbol("p") - square(x) - square(y);
    const double omega = 2.0 * pi / 10.0;
    const auto held = [&](const char* name) {
        return feedback == 0.0 ? Expression(0.0) : feedback * (delayed(name, 10.0) - symbol(name));
    };
    return examples::equations_of({{"x", "", 0.3, 0.1 * grows * x - omega * y + held("x")},
                                   {"y", "", 0.0, 0.1 * grows * y + omega * x + held("y")}},
                                  {{"p", "", p, ""}});
}

}  // namespace

TEST_CASE("follow_oscillation: a circle has its radius, its period and its multiplier") {
    const OscillationBranch branch =
        follow_oscillation(circle(1.0, 0.0), "p", {.from = 0.2, .to = 2.0, .intervals = 10});
    CHECK(branch.values.minCoeff() < 0.3);
    CHECK(branch.values.maxCoeff() > 1.9);
    for (Index k = 0; k < branch.values.size(); ++k) {
        const double p = branch.values[k];
        CHECK(branch.highest(0, k) == doctest::Approx(std::sqrt(p)).epsilon(2e-3));
        CHECK(branch.period[k] == doctest::Approx(10.0).epsilon(1e-8));
        // Radius: ρ̇ = 0.1 (p − ρ²) ρ, so e^{−0.2 p T}.
        CHECK(branch.multiplier[k] == doctest::Approx(std::exp(-2.0 * p)).epsilon(1e-5));
        CHECK(branch.trivial_error[k] < 1e-7);
        CHECK(branch.defect[k] < 1e-3);
        CHECK(branch.unstable[static_cast<std::size_t>(k)] == 0);
    }
}

TEST_CASE(
    "follow_oscillation: multipliers under delayed feedback solve λ = −0.2 p + k (e^{−λT} − 1)") {
    const double k = 0.05;
    const OscillationBranch branch =
        follow_oscillation(circle(1.0, k), "p", {.from = 0.9, .to = 1.1, .intervals = 12});
    for (Index i = 0; i < branch.values.size(); ++i) {
        double lambda = -0.05;
        for (int j = 0; j < 60; ++j) {
            const double e = std::exp(-10.0 * lambda);
            lambda -= (lambda + 0.2 * branch.values[i] - k * (e - 1.0)) / (1.0 + 10.0 * k * e);
        }
        CHECK(branch.multiplier[i] == doctest::Approx(std::exp(10.0 * lambda)).epsilon(1e-5));
        CHECK(branch.trivial_error[i] < 1e-6);
    }
}

TEST_CASE(
    "follow_oscillation: from a Hopf point Wright's oscillation grows to what solutions show") {
    const RateEquations equations = examples::wright(1.0);
    const EquilibriumBranch rest =
        follow_equilibrium(equations, "r", {.from = 0.5, .to = 2.0, .state = Vector{{0.0}}});
    REQUIRE(rest.specials.size() == 1);
    const OscillationBranch branch = follow_oscillation(
        equations, "r", {.from = 1.0, .to = 1.8, .hopf = rest.specials[0], .intervals = 20});
    CHECK(branch.values[0] == doctest::Approx(pi / 2.0).epsilon(1e-4));
    CHECK(branch.values.maxCoeff() > 1.75);
    const Index last = branch.values.size() - 1;
    const RateTrajectory run = solve(examples::wright(branch.values[last]),
                                     {.duration = 400.0, .step = 0.02, .tolerance = 1e-5});
    const Vector late = run.states.row(0).tail(500).transpose();
    CHECK(branch.highest(0, last) == doctest::Approx(late.maxCoeff()).epsilon(2e-3));
    CHECK(branch.lowest(0, last) == doctest::Approx(late.minCoeff()).epsilon(2e-3));
    CHECK(branch.multiplier[last] < 1.0);
    // Amplitude² = 40 ε / (3π − 2) to first order.
    for (Index k = 0; k < branch.values.size(); ++k) {
        const double above = branch.values[k] - pi / 2.0;
        const double amplitude = 0.5 * (branch.highest(0, k) - branch.lowest(0, k));
        if (above > 1e-4 && above < 0.01)
            CHECK(amplitude * amplitude ==
                  doctest::Approx(40.0 * above / (3.0 * pi - 2.0)).epsilon(0.02));
    }
}

TEST_CASE("follow_oscillation: collocation is of high order in the intervals") {
    const auto multiplier = [](Index intervals) {
        const OscillationBranch branch = follow_oscillation(
            circle(1.0, 0.0), "p",
            {.from = 0.99, .to = 1.01, .intervals = intervals, .most_points = 1});
        return std::abs(branch.multiplier[0] - std::exp(-2.0));
    };
    // 2 · 4 at nodes; less what rounding leaves.
    CHECK(std::log2(multiplier(4) / multiplier(8)) > 6.0);
}

TEST_CASE("follow_oscillation: what does not oscillate, and options out of range, are refused") {
    CHECK_THROWS_WITH_AS((void)follow_oscillation(circle(-1.0, 0.0), "p",
                                                  {.from = -2.0, .to = 0.0, .settle = 200.0}),
                         doctest::Contains("settle to no oscillation"), DomainError);
    CHECK_THROWS_WITH_AS((void)follow_oscillation(circle(1.0, 0.0), "p", {.from = 2.0, .to = 3.0}),
                         doctest::Contains("give a range that holds it"), DomainError);
    CHECK_THROWS_WITH_AS(
        (void)follow_oscillation(circle(1.0, 0.0), "p", {.from = 0.0, .to = 3.0, .intervals = 2}),
        doctest::Contains("intervals is 2"), DomainError);
}
