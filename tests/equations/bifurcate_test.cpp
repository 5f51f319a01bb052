#include "heddle/equations/bifurcate.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "equations/systems.hpp"
#include "heddle/core/error.hpp"
#include "heddle/equations/rate_solution.hpp"

using namespace heddle;

TEST_CASE("bifurcate: every fixed point at values in between lies on a branch") {
    const RateEquations equations = examples::wilson_cowan(0.0);
    const BifurcationDiagram found = bifurcate(equations, "I_E", {.from = -3.0, .to = 3.0});
    CHECK(found.proven_sections == found.sections);
    CHECK(found.branches.size() == 1);  // No branch is followed twice.
    for (const double value : {-2.2, -0.1, 0.7, 1.9, 2.4}) {
        const RateFixedPoints points = fixed_points(examples::wilson_cowan(value));
        for (const RateFixedPoint& point : points.points) {
            double nearest = INFINITY;
            for (const EquilibriumBranch& branch : found.branches)
                for (Index k = 0; k < branch.values.size(); ++k)
                    nearest = std::min(nearest, (branch.states.col(k) - point.state).norm() +
                                                    20.0 * std::abs(branch.values[k] - value));
            CHECK(nearest < 4.0);
        }
    }
}

TEST_CASE("bifurcate: oscillations that are born at a Hopf point are what solutions settle to") {
    const BifurcationDiagram found =
        bifurcate(examples::wilson_cowan(0.0), "I_E", {.from = -3.0, .to = 3.0});
    REQUIRE(found.oscillations.size() == 1);
    const OscillationBranch& branch = found.oscillations[0];
    for (Index k = 1; k < 12; ++k)  // It grows, and does not turn back on its way.
        CHECK(branch.highest(0, k) - branch.lowest(0, k) >
              branch.highest(0, k - 1) - branch.lowest(0, k - 1));
    Index k = 0;
    while (branch.values[k] < -1.0) ++k;
    const RateTrajectory run = solve(examples::wilson_cowan(branch.values[k]),
                                     {.duration = 2000.0, .step = 0.1, .tolerance = 1e-5});
    const Vector late = run.rates.row(0).tail(2000).transpose();
    CHECK(branch.highest(0, k) == doctest::Approx(late.maxCoeff()).epsilon(2e-3));
    CHECK(branch.lowest(0, k) == doctest::Approx(late.minCoeff()).epsilon(2e-3));
    CHECK(branch.unstable[static_cast<std::size_t>(k)] == 0);
    CHECK(found.statement.find("1 branch of oscillations") != std::string::npos);
}

TEST_CASE("bifurcate: an oscillation that could not be followed is told with the reason") {
    const BifurcationDiagram found = bifurcate(examples::wilson_cowan(0.0), "I_E",
                                               {.from = -3.0, .to = 3.0, .most_oscillations = 1});
    CHECK(found.oscillations.empty());
    CHECK(found.statement.find("what is born at the Hopf point at ") != std::string::npos);
    CHECK(found.statement.find("was not followed: ") != std::string::npos);
}

TEST_CASE(
    "bifurcate: ranges and sections out of range are refused, progress is told and may stop") {
    const RateEquations equations = examples::wilson_cowan(0.0);
    CHECK_THROWS_WITH_AS((void)bifurcate(equations, "I_E", {.from = 1.0, .to = 0.0}),
                         doctest::Contains("give finite ends that rise"), DomainError);
    CHECK_THROWS_WITH_AS(
        (void)bifurcate(equations, "I_E", {.from = -3.0, .to = 3.0, .sections = 1}),
        doctest::Contains("sections is 1"), DomainError);
    struct Stopped {};
    CHECK_THROWS_AS((void)bifurcate(equations, "I_E", {.from = -3.0, .to = 3.0},
                                    [](std::size_t, std::size_t) { throw Stopped(); }),
                    Stopped);
}
