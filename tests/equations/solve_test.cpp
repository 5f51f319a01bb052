#include <doctest/doctest.h>

#include <cmath>

#include "equations/systems.hpp"
#include "heddle/core/error.hpp"
#include "heddle/equations/rate_solution.hpp"

using namespace heddle;

namespace {

double last(const RateTrajectory& found) {
    return found.states(0, found.times.size() - 1);
}

std::string refused(RateEquations equations) {
    try {
        validate(equations);
    } catch (const Error& error) {
        return error.what();
    }
    return "";
}

}  // namespace

TEST_CASE("solve: of fourth order, for a delayed definition") {
    // ẋ = −x + tanh(x)(t − 1) + 0.3, a delayed nonlinear function of the state.
    const auto run = [](double step) {
        RateEquations equations =
            examples::equations_of({{"x", "", 2.0, -symbol("x") + delayed("y", 1.0) + 0.3}});
        equations.definitions = {{"y", "", 3.0 * hyperbolic_tangent(symbol("x"))}};
        return last(solve(equations, {.duration = 4.0, .step = step, .tolerance = INFINITY}));
    };
    const double truth = run(1.0 / 256.0);
    const double one = std::abs(run(0.25) - truth), half = std::abs(run(0.125) - truth);
    CHECK(std::log2(one / half) == doctest::Approx(4.0).epsilon(0.1));
}

TEST_CASE("solve: Wright's equation below its oscillation by the method of steps") {
    // With x = 0.1 before 0, ẋ = −0.1 r (1 + x) on the first delay: 1 + x = 1.1 e^{−0.1 r t}.
    const RateTrajectory found =
        solve(examples::wright(1.2), {.duration = 1.0, .step = 0.05, .tolerance = 1e-9});
    for (Index k = 0; k < found.times.size(); ++k)
        CHECK(1.0 + found.states(0, k) ==
              doctest::Approx(1.1 * std::exp(-0.12 * found.times[k])).epsilon(1e-8));
}

TEST_CASE("solve: a silent past is zero, until the delay has passed") {
    const RateEquations equations = examples::equations_of({{"x", "", 1.0, delayed("x", 2.0)}});
    const RateTrajectory found =
        solve(equations, {.duration = 3.0, .step = 0.5, .tolerance = 1e-9, .silent_past = true});
    CHECK(found.states(0, 4) == doctest::Approx(1.0));
    CHECK(last(found) == doctest::Approx(2.0));
}

TEST_CASE("solve: definitions meet the inputs of their moment, states the mean over a step") {
    RateEquations equations = examples::equations_of({{"x", "", 0.0, symbol("I")}});
    equations.inputs = {{"I", "", {1.0}, Vector::Constant(1, 3.0)}};
    equations.definitions = {{"y", "", 2.0 * symbol("I") + symbol("x")}};
    const RateTrajectory found =
        solve(equations, {.duration = 2.4, .step = 0.8, .tolerance = INFINITY});
    for (Index k = 0; k < 4; ++k) {
        const double t = 0.8 * static_cast<double>(k), x = 3.0 * std::max(0.0, t - 1.0);
        CHECK(found.states(0, k) == doctest::Approx(x));
        CHECK(found.definitions(0, k) == doctest::Approx(x + (t > 1.0 ? 6.0 : 0.0)));
    }
}

TEST_CASE("solve: stops where a definition leaves the range it is declared for") {
    RateEquations equations = examples::equations_of({{"x", "", 1.0, Expression(-1.0)}});
    equations.definitions = {{"v", "mV²", symbol("x"), 0.0}};
    CHECK_THROWS_WITH_AS((void)solve(equations, {.duration = 2.0, .step = 0.5}),
                         doctest::Contains("'v' is -0.5 mV² at 1.5 ms, below 0"), DomainError);
}

TEST_CASE("validate: names, symbols, delays and rates that do not fit are named") {
    CHECK(refused(examples::wilson_cowan(0.0, 1.0)).empty());
    RateEquations equations = examples::wilson_cowan(0.0, 1.0);
    equations.states[0].rate = symbol("r_X");
    CHECK(refused(equations).starts_with("state 'r_E': 'r_X' is unknown; did you mean"));
    equations = examples::wilson_cowan(0.0, 1.0);
    equations.parameters.push_back({"r_E", "", 1.0, ""});
    CHECK(refused(equations).find("the name is taken") != std::string::npos);
    equations = examples::wilson_cowan(0.0, 1.0);
    equations.parameters.back().value = 0.0;
    CHECK(refused(equations) == "the delay of 'r_E' is 0 ms; it must be > 0");
    equations = examples::wilson_cowan(0.0, 1.0);
    equations.states[0].rate = delayed("r_E", symbol("r_I"));
    CHECK(refused(equations).find("make it of parameters and numbers") != std::string::npos);
    equations = examples::wilson_cowan(0.0, 1.0);
    equations.states[0].rate = delayed("u_E", 1.0);
    CHECK(refused(equations).find("is delayed and depends on delayed values") != std::string::npos);
    equations = examples::wilson_cowan(0.0, 1.0);
    equations.rates.pop_back();
    CHECK(refused(equations).starts_with("rates has shape (1,)"));
}
