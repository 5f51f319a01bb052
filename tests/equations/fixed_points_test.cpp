#include <doctest/doctest.h>

#include <cmath>

#include "equations/systems.hpp"
#include "heddle/core/error.hpp"
#include "heddle/equations/rate_solution.hpp"

using namespace heddle;

TEST_CASE("fixed_points: all of Wilson and Cowan's, proven, and more starts find no other") {
    for (const double drive : {-2.0, 0.0, 1.5, 4.0}) {
        const RateEquations equations = examples::wilson_cowan(drive);
        const RateFixedPoints proven = fixed_points(equations);
        CHECK(proven.complete);
        const RateFixedPoints tried =
            fixed_points(equations, {.box = {}, .starts = 400, .most_boxes = 0});
        CHECK_FALSE(tried.complete);
        REQUIRE(tried.points.size() == proven.points.size());
        for (std::size_t k = 0; k < proven.points.size(); ++k) {
            CHECK(proven.points[k].certified);
            CHECK((proven.points[k].state - tried.points[k].state).norm() < 1e-8);
            CHECK(proven.points[k].residual < 1e-12);
        }
    }
}

TEST_CASE("fixed_points: three roots of a cubic on its own, each counted once") {
    // ẋ = (x − 1) (x − 20) (x − 300) / 1000.
    const Expression x = symbol("x");
    const RateEquations equations =
        examples::equations_of({{"x", "Hz", 0.0, (x - 1.0) * (x - 20.0) * (x - 300.0) / 1000.0}});
    const RateFixedPoints found = fixed_points(equations);
    REQUIRE(found.complete);
    REQUIRE(found.points.size() == 3);
    CHECK(found.points[0].state[0] == doctest::Approx(1.0).epsilon(1e-12));
    CHECK(found.points[1].state[0] == doctest::Approx(20.0).epsilon(1e-12));
    CHECK(found.points[2].state[0] == doctest::Approx(300.0).epsilon(1e-12));
    CHECK(found.points[0].stability == "unstable");
    CHECK(found.points[1].stability == "stable");
    CHECK(found.statement.starts_with("3 fixed points, all there are in the box"));
}

TEST_CASE("fixed_points: what rests at the end of the box is found, what lies beyond is not") {
    const Expression x = symbol("x");
    const RateEquations equations =
        examples::equations_of({{"x", "Hz", 0.0, -x * (x - 2000.0) / 1000.0}});
    const RateFixedPoints found = fixed_points(equations);
    CHECK(found.complete);
    REQUIRE(found.points.size() == 1);
    CHECK(found.points[0].state[0] == doctest::Approx(0.0));
    CHECK(fixed_points(equations, {.largest_rate = 3000.0, .box = {}}).points.size() == 2);
}

TEST_CASE("fixed_points: a double root is left undecided, not claimed") {
    const Expression x = symbol("x");
    const RateEquations equations =
        examples::equations_of({{"x", "Hz", 0.0, square(x - 10.0) / 100.0}});
    const RateFixedPoints found = fixed_points(equations);
    CHECK_FALSE(found.complete);
    CHECK(found.undecided > 0);
}

TEST_CASE("fixed_points: options out of range are refused by name") {
    const RateEquations equations = examples::wilson_cowan(0.0);
    CHECK_THROWS_WITH_AS((void)fixed_points(equations, {.largest_rate = -1.0, .box = {}}),
                         doctest::Contains("largest_rate"), DomainError);
    CHECK_THROWS_WITH_AS((void)fixed_points(equations, {.box = {{"r_X", {0.0, 1.0}}}}),
                         doctest::Contains("box: 'r_X' is neither a state nor a definition"),
                         DomainError);
    CHECK_THROWS_WITH_AS((void)fixed_points(equations, {.box = {{"r_E", {2.0, 1.0}}}}),
                         doctest::Contains("give finite ends that rise"), DomainError);
}
