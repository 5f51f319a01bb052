#include "heddle/rectified/continuation.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "cycle_examples.hpp"
#include "heddle/core/error.hpp"

using namespace heddle;
using namespace heddle::examples;

namespace {

/// τ ẋ = −x + [w x + q]₊.
ThresholdLinear one_unit(double w, double q) {
    return {Matrix{{-1.0}}, Matrix{{1.0}}, Matrix{{w}}, Vector{{q}}, Vector{{0.0}}, 0.01};
}

}  // namespace

TEST_CASE("follow_fixed_point: [w z + q]₊ with w > 1 folds at q = 0 (closed form)") {
    const double w = 1.7;
    const ThresholdFamily family = [w](double q) { return one_unit(w, q); };
    const FixedPointBranch branch = follow_fixed_point(family, Vector{{0.0}}, -1.0, 0.5);
    CHECK(branch.complete);
    REQUIRE(branch.events.size() == 1);
    CHECK(branch.events[0].kind == BranchEventKind::nonsmooth_fold);
    CHECK(branch.events[0].unit == 0);
    CHECK(std::abs(branch.events[0].parameter) < 1e-14);
    CHECK(branch.parameters.tail(1)[0] == doctest::Approx(-1.0));
    for (Index k = 0; k < branch.parameters.size(); ++k) {
        const bool active = !branch.supports[static_cast<std::size_t>(k)].empty();
        const double z = active ? branch.parameters[k] / (1.0 - w) : 0.0;
        CHECK(std::abs(branch.points(0, k) - z) < 1e-12);
        CHECK((branch.growth[k] < 0.0) == !active);
        CHECK(branch.residuals[k] < 1e-12);
    }
}

TEST_CASE("follow_fixed_point: [w z + q]₊ with w < 1 persists through q = 0 (closed form)") {
    const ThresholdFamily family = straight_line(one_unit(0.5, -1.0), one_unit(0.5, 1.0));
    const FixedPointBranch branch = follow_fixed_point(family, Vector{{0.0}}, 0.0, 1.0);
    CHECK(branch.complete);
    REQUIRE(branch.events.size() == 1);
    CHECK(branch.events[0].kind == BranchEventKind::persistence);
    CHECK(std::abs(branch.events[0].parameter - 0.5) < 1e-14);
    CHECK(std::abs(branch.points.rightCols(1)(0, 0) - 2.0) < 1e-13);
    CHECK(branch.growth.maxCoeff() < 0.0);
}

TEST_CASE("follow_fixed_point: z = w z + q goes to infinity as w → 1 (limit case)") {
    const ThresholdFamily family = straight_line(one_unit(0.0, 1.0), one_unit(2.0, 1.0));
    const FixedPointBranch branch = follow_fixed_point(family, Vector{{1.0}}, 0.0, 1.0);
    CHECK(!branch.complete);
    REQUIRE(!branch.events.empty());
    CHECK(branch.events.back().kind == BranchEventKind::to_infinity);
    CHECK(std::abs(branch.events.back().parameter - 0.5) < 1e-5);
    CHECK(branch.statement.find("infinity") != std::string::npos);
}

TEST_CASE("follow_fixed_point: with q = 0 the fixed points at w = 1 are a continuum (limit case)") {
    const ThresholdFamily family = straight_line(one_unit(1.0, -1.0), one_unit(1.0, 1.0));
    const FixedPointBranch branch = follow_fixed_point(family, Vector{{0.0}}, 0.0, 1.0);
    CHECK(!branch.complete);
    REQUIRE(!branch.events.empty());
    CHECK(branch.events[0].kind == BranchEventKind::continuum);
    CHECK(std::abs(branch.events[0].parameter - 0.5) < 1e-12);
}

TEST_CASE("follow_fixed_point: a focus becomes unstable at trace 0 (closed form)") {
    const ThresholdFamily family = [](double t) { return oscillator(t, -0.5, 0.3); };
    const FixedPointBranch branch = follow_fixed_point(family, Vector{{0.3, 0.0}}, -0.4, 0.4);
    CHECK(branch.complete);
    REQUIRE(branch.events.size() == 1);
    CHECK(branch.events[0].kind == BranchEventKind::hopf_like);
    CHECK(std::abs(branch.events[0].parameter) < 1e-12);
    for (Index k = 0; k < branch.parameters.size(); ++k)
        CHECK(branch.growth[k] == doctest::Approx(50.0 * branch.parameters[k]).epsilon(1e-9));
}

TEST_CASE("follow_fixed_point: two foci meet in a Hopf-like border collision (closed form)") {
    const ThresholdFamily family = [](double offset) { return oscillator(0.4, -0.6, offset); };
    const FixedPointBranch branch = follow_fixed_point(family, Vector{{-0.5, 0.3}}, -0.5, 0.5);
    CHECK(branch.complete);
    REQUIRE(branch.events.size() == 1);
    CHECK(branch.events[0].kind == BranchEventKind::hopf_like_collision);
    CHECK(std::abs(branch.events[0].parameter) < 1e-13);
    CHECK(branch.growth[0] == doctest::Approx(-30.0));
    CHECK(branch.growth.tail(1)[0] == doctest::Approx(20.0));
}

TEST_CASE("follow_fixed_point: every point of a random network is a fixed point (residual)") {
    Network network =
        make_network(Matrix(0.6 * random_matrix(12, 12, 5)), 1, 0, 0.01, Response::rectified);
    network.bias = random_matrix(12, 1, 6);
    const ThresholdLinear from = rate_form(network);
    // Where a strong negative bias silences every unit the fixed point is known.
    ThresholdLinear silent = from;
    silent.bias.setConstant(-1.0);
    const FixedPointBranch rising =
        follow_fixed_point(straight_line(silent, from), Vector::Zero(12), 0.0, 1.0);
    CHECK(rising.residuals.maxCoeff() < 1e-10);
    CHECK(!rising.events.empty());
    for (const BranchEvent& event : rising.events) {
        if (event.unit < 0) continue;
        const auto k = event.point;
        const ThresholdLinear system = straight_line(silent, from)(event.parameter);
        CHECK(std::abs(unit_inputs(system, rising.points.col(k))[event.unit]) < 1e-10);
    }
}

TEST_CASE("follow_fixed_point: bad input is named") {
    const ThresholdFamily family = [](double q) { return one_unit(0.5, q); };
    CHECK_THROWS_WITH_AS(static_cast<void>(follow_fixed_point(family, Vector{{0.0}}, 1.0, 1.0)),
                         doctest::Contains("to: "), DomainError);
    CHECK_THROWS_AS(static_cast<void>(follow_fixed_point(family, Vector::Zero(2), 0.0, 1.0)),
                    ShapeError);
    CHECK_THROWS_WITH_AS(
        static_cast<void>(follow_fixed_point(family, Vector{{0.0}}, 0.0, 1.0, {.most_points = 1})),
        doctest::Contains("most_points"), DomainError);
    const ThresholdFamily none = [](double q) { return one_unit(2.0, 1.0 + q); };
    CHECK_THROWS_WITH_AS(static_cast<void>(follow_fixed_point(none, Vector{{0.0}}, 0.0, 1.0)),
                         doctest::Contains("initial"), DomainError);
    const ThresholdFamily growing = [](double q) {
        return q < 0.5 ? one_unit(0.5, q) : oscillator(0.1, 0.1, 0.1);
    };
    CHECK_THROWS_WITH_AS(static_cast<void>(follow_fixed_point(growing, Vector{{0.0}}, 0.0, 1.0)),
                         doctest::Contains("family"), DomainError);
    CHECK_THROWS_AS(static_cast<void>(straight_line(one_unit(1, 1), oscillator(0.1, 0.1, 0.1))),
                    ShapeError);
}
