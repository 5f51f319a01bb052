#include <doctest/doctest.h>

#include <cmath>

#include "equations/every_operation.hpp"
#include "equations/systems.hpp"
#include "heddle/core/error.hpp"
#include "heddle/equations/code.hpp"
#include "heddle/equations/rate_solution.hpp"

using namespace heddle;

namespace {

double largest_difference(const RateTrajectory& a, const RateTrajectory& b) {
    return (a.rates - b.rates).cwiseAbs().maxCoeff();
}

}  // namespace

TEST_CASE("without_delays: one delayed value by its closed form, a gamma law of delays") {
    // ẋ = 0, y follows x a delay later: after a step of the input the chain has let through the
    // share 1 − e^{−s} Σ_{j<n} sʲ / j! , s = n t / d.
    RateEquations equations = examples::equations_of({{"x", "", 0.0, delayed("I1", 2.0)}});
    equations.inputs = {{"I", "", {0.0}, Vector{{1.0}}}};
    equations.definitions = {{"I1", "", symbol("I")}};
    const RateEquations chain = without_delays(equations, 3, true);
    REQUIRE(chain.states.size() == 4);
    CHECK(chain.states[3].name == "I1_ago3");
    const RateTrajectory found = solve(chain, {.duration = 8.0, .step = 0.1, .tolerance = 1e-9});
    for (Index k = 0; k < found.times.size(); k += 10) {
        const double s = 3.0 * found.times[k] / 2.0;
        CHECK(found.states(3, k) ==
              doctest::Approx(1.0 - std::exp(-s) * (1.0 + s + 0.5 * s * s)).epsilon(1e-8));
    }
}

TEST_CASE("without_delays: of first order in 1 / stages") {
    const RateEquations equations = examples::wilson_cowan(0.5, 2.0);
    const RateSolveOptions options{.duration = 40.0, .step = 0.25, .tolerance = 1e-7};
    const RateTrajectory truth = solve(equations, options);
    const auto error = [&](Index stages) {
        return largest_difference(solve(without_delays(equations, stages), options), truth);
    };
    const double few = error(8), many = error(32);
    INFO(few << " " << many);
    CHECK(std::log(few / many) / std::log(4.0) == doctest::Approx(1.0).epsilon(0.1));
}

TEST_CASE("without_delays: fixed points stay where they are") {
    const RateEquations equations = examples::wilson_cowan(1.5, 2.0);
    const RateFixedPoints with = fixed_points(equations);
    const RateFixedPoints without = fixed_points(without_delays(equations, 3));
    REQUIRE(with.points.size() == without.points.size());
    for (std::size_t k = 0; k < with.points.size(); ++k) {
        CHECK((with.points[k].state - without.points[k].state.head(2)).norm() < 1e-8);
        CHECK((without.points[k].state.array() > 0.0).all());
    }
}

TEST_CASE(
    "without_delays: a constant past starts chains where the definition starts, silence at 0") {
    const RateEquations equations = examples::every_operation();
    const RateEquations chain = without_delays(equations, 2);
    REQUIRE(chain.states.size() == 2 + 3 * 2);
    const double start = steady_definitions(chain, Vector{{0.4, -0.3, 0, 0, 0, 0, 0, 0}})[1];
    CHECK(chain.states[2].initial == doctest::Approx(start));
    CHECK(chain.states[4].initial == 0.4);
    CHECK(chain.states[7].initial == -0.3);
    CHECK(without_delays(equations, 2, true).states[4].initial == 0.0);
    CHECK(delayed_values(chain).empty());
    CHECK(chain.assumptions.back() ==
          "each delay is spread with a coefficient of variation of 1/√2");
}

TEST_CASE("without_delays: names that are taken stay with their owners") {
    RateEquations equations = examples::equations_of(
        {{"x", "", 1.0, delayed("x", 1.0) - delayed("x", 2.0)}, {"x_ago1", "", 0.0, -symbol("x")}});
    const RateEquations chain = without_delays(equations, 1);
    CHECK(chain.states[2].name == "x_ago1_2");
    CHECK(chain.states[3].name == "x_ago1_3");
    CHECK_NOTHROW(validate(chain));
    equations = examples::wilson_cowan(0.0);
    CHECK(without_delays(equations, 5).states.size() == equations.states.size());
    CHECK(without_delays(equations, 5).assumptions.empty());
    CHECK_THROWS_WITH_AS((void)without_delays(equations, 0),
                         doctest::Contains("stages is 0; it must be at least 1"), DomainError);
}
