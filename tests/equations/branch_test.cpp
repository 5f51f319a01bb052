#include "heddle/equations/branch.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <numbers>

#include "equations/systems.hpp"
#include "heddle/core/error.hpp"
#include "heddle/equations/rate_solution.hpp"

using namespace heddle;

TEST_CASE("follow_equilibrium: goes around a fold, which it finds with its coefficient") {
    const EquilibriumBranch branch = follow_equilibrium(
        examples::fold(-1.0), "p", {.from = -2.0, .to = 1.0, .state = Vector{{-1.0, 0.0}}});
    REQUIRE(branch.specials.size() == 1);
    const BranchSpecial& fold = branch.specials[0];
    CHECK(fold.kind == "fold");
    CHECK(std::abs(fold.parameter) < 1e-12);
    CHECK(std::abs(fold.coefficient) == doctest::Approx(1.0));  // ẋ = x²
    CHECK(branch.values[0] == doctest::Approx(-2.0).epsilon(1e-12));
    CHECK(branch.values[branch.values.size() - 1] == doctest::Approx(-2.0).epsilon(1e-12));
    CHECK(branch.states(0, 0) * branch.states(0, branch.values.size() - 1) < 0.0);
    for (Index k = 0; k < branch.values.size(); ++k) {
        CHECK(std::pow(branch.states(0, k), 2) == doctest::Approx(-branch.values[k]));
        const bool unstable = branch.states(0, k) > 0.0;
        CHECK(branch.unstable[static_cast<std::size_t>(k)] == (unstable ? 1 : 0));
    }
    CHECK(branch.residual < 1e-10);
}

TEST_CASE(
    "follow_equilibrium: Wright's equation oscillates from r = π / 2 on, with the published "
    "amplitude") {
    const double half_pi = std::numbers::pi / 2.0;
    const EquilibriumBranch branch = follow_equilibrium(
        examples::wright(1.0), "r", {.from = 0.5, .to = 2.0, .state = Vector{{0.0}}});
    REQUIRE(branch.specials.size() == 1);
    const BranchSpecial& hopf = branch.specials[0];
    CHECK(hopf.kind == "hopf");
    CHECK(hopf.label == "supercritical");
    CHECK(hopf.parameter == doctest::Approx(half_pi).epsilon(1e-9));
    CHECK(hopf.frequency == doctest::Approx(250.0).epsilon(1e-9));  // Period 4 ms.
    // Amplitude² = 40 ε / (3π − 2) at r = π/2 + ε (Chow & Mallet-Paret 1977), and in the normal
    // form −4 ε Re λ' / Re c₁.
    const double growth = half_pi / (1.0 + half_pi * half_pi);
    const double c1 = -growth * 4.0 * (3.0 * std::numbers::pi - 2.0) / 40.0;
    CHECK(hopf.coefficient == doctest::Approx(c1 / half_pi).epsilon(1e-8));
}

TEST_CASE(
    "follow_equilibrium: oscillations of Wilson and Cowan's units begin where eigenvalues "
    "cross, delays included") {
    for (const double delay : {0.0, 2.0}) {
        const EquilibriumBranch branch = follow_equilibrium(examples::wilson_cowan(0.0, delay),
                                                            "I_E", {.from = -3.0, .to = 8.0});
        Index hopfs = 0, folds = 0;
        for (const BranchSpecial& item : branch.specials) {
            if (item.kind == "fold") ++folds;
            if (item.kind != "hopf") continue;
            ++hopfs;
            for (const double side : {-0.02, 0.02}) {
                RateEquations nearby = examples::wilson_cowan(item.parameter + side, delay);
                RateFixedPoints found = fixed_points(nearby);
                REQUIRE(found.complete);
                const RateFixedPoint* nearest = &found.points[0];
                for (const RateFixedPoint& point : found.points)
                    if ((point.state - item.state).norm() < (nearest->state - item.state).norm())
                        nearest = &point;
                CHECK(nearest->eigenvalues[0].imag() / (2.0 * std::numbers::pi) ==
                      doctest::Approx(item.frequency).epsilon(0.05));
                CHECK(std::abs(nearest->eigenvalues[0].real()) < 10.0);
            }
        }
        CHECK(hopfs == 1);
        CHECK(folds == 2);
    }
}

TEST_CASE("follow_equilibrium: wrong ranges, parameters and starts are refused") {
    const RateEquations equations = examples::fold(-1.0);
    CHECK_THROWS_WITH_AS((void)follow_equilibrium(equations, "q", {.from = -2.0, .to = 1.0}),
                         doctest::Contains("'q' is no parameter"), DomainError);
    CHECK_THROWS_WITH_AS((void)follow_equilibrium(equations, "p", {.from = 0.0, .to = 1.0}),
                         doctest::Contains("outside of the range"), DomainError);
    CHECK_THROWS_WITH_AS((void)follow_equilibrium(equations, "p", {.from = 1.0, .to = -1.0}),
                         doctest::Contains("give finite ends that rise"), DomainError);
    CHECK_THROWS_WITH_AS(
        (void)follow_equilibrium(examples::fold(1.0), "p",
                                 {.from = 0.5, .to = 2.0, .state = Vector{{0.0, 0.0}}}),
        doctest::Contains("no equilibrium is reached"), DomainError);
}
