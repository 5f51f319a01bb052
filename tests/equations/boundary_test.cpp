#include "heddle/equations/boundary.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <numbers>

#include "equations/systems.hpp"
#include "heddle/core/error.hpp"

using namespace heddle;

namespace {

/// ẋ = p + q x − x³: folds on the cusp 27 p² = 4 q³.
RateEquations cusp(double p, double q) {
    const Expression x = symbol("x");
    return examples::equations_of({{"x", "", -1.5, symbol("p") + symbol("q") * x - power(x, 3.0)},
                                   {"y", "", 0.0, -symbol("y")}},
                                  {{"p", "", p, ""}, {"q", "", q, ""}});
}

}  // namespace

TEST_CASE("follow_boundary: folds of ẋ = p + q x − x³ lie on 27 p² = 4 q³, around the cusp") {
    const RateEquations equations = cusp(-1.0, 1.0);
    const EquilibriumBranch branch =
        follow_equilibrium(equations, "p", {.from = -2.0, .to = 2.0, .state = Vector{{-1.3, 0.0}}});
    REQUIRE(branch.specials.size() == 2);
    const BoundaryCurve curve = follow_boundary(
        equations, branch.specials[0], "p", "q",
        {.first_from = -2.0, .first_to = 2.0, .second_from = -1.0, .second_to = 2.0});
    double least = 1.0;
    bool both = false;
    for (Index k = 0; k < curve.first_values.size(); ++k) {
        const double p = curve.first_values[k], q = curve.second_values[k];
        CHECK(27.0 * p * p == doctest::Approx(4.0 * q * q * q).epsilon(1e-7));
        least = std::min(least, q);
        if (k > 0) both |= curve.coefficient[k] * curve.coefficient[k - 1] < 0.0;
    }
    CHECK(least < 0.01);  // Through the cusp, …
    CHECK(curve.first_values.minCoeff() * curve.first_values.maxCoeff() < 0.0);
    CHECK(both);  // … where the normal form's coefficient changes sign.
    CHECK(curve.residual < 1e-9);
    CHECK(curve.singular < 1e-3);
}

TEST_CASE("follow_boundary: Wright's equation oscillates where r d = π / 2, at a period of 4 d") {
    const RateEquations equations = examples::wright(1.0);
    const EquilibriumBranch branch =
        follow_equilibrium(equations, "r", {.from = 0.5, .to = 2.0, .state = Vector{{0.0}}});
    REQUIRE(branch.specials.size() == 1);
    const BoundaryCurve curve =
        follow_boundary(equations, branch.specials[0], "r", "d",
                        {.first_from = 0.5, .first_to = 4.0, .second_from = 0.5, .second_to = 3.0});
    CHECK(curve.first_values.maxCoeff() > 3.0);
    CHECK(curve.first_values.minCoeff() < 0.55);
    for (Index k = 0; k < curve.first_values.size(); ++k) {
        const double r = curve.first_values[k], d = curve.second_values[k];
        CHECK(r * d == doctest::Approx(std::numbers::pi / 2.0).epsilon(1e-8));
        CHECK(curve.frequency[k] == doctest::Approx(1e3 / (4.0 * d)).epsilon(1e-8));
        CHECK(curve.coefficient[k] < 0.0);
    }
}

TEST_CASE("follow_boundary: points and parameters that do not fit are refused") {
    const RateEquations equations = cusp(-1.0, 1.0);
    const BranchSpecial fold{.kind = "fold", .parameter = -0.3849, .state = Vector{{-0.577, 0.0}}};
    const BoundaryOptions ranges{
        .first_from = -2.0, .first_to = 2.0, .second_from = -1.0, .second_to = 2.0};
    CHECK_THROWS_WITH_AS((void)follow_boundary(equations, fold, "p", "p", ranges),
                         doctest::Contains("both parameters are 'p'"), DomainError);
    BranchSpecial other = fold;
    other.kind = "branch point";
    CHECK_THROWS_WITH_AS((void)follow_boundary(equations, other, "p", "q", ranges),
                         doctest::Contains("a branch point has no curve"), DomainError);
    CHECK_THROWS_WITH_AS(
        (void)follow_boundary(
            equations, fold, "p", "q",
            {.first_from = 0.0, .first_to = 1.0, .second_from = 0.0, .second_to = 2.0}),
        doctest::Contains("outside of the range"), DomainError);
}
