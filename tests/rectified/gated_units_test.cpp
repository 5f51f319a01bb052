#include "heddle/rectified/gated_units.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "heddle/core/error.hpp"
#include "heddle/rectified/gated_fixed_points.hpp"
#include "support/examples.hpp"

using namespace heddle;

namespace {

GatedUnits random_layer(Index n, Index k, double scale, std::uint64_t seed) {
    return {scale * examples::random_matrix(3 * n, n, seed),
            examples::random_matrix(3 * n, k, seed + 1),
            0.3 * examples::random_matrix(3 * n, 1, seed + 2),
            0.3 * examples::random_matrix(3 * n, 1, seed + 3)};
}

Vector step(const GatedUnits& layer, const Vector& h, const Vector& s) {
    return iterate(layer, h, s).col(1);
}

}  // namespace

TEST_CASE("iterate: one gated unit without weights halves its state each step (closed form)") {
    // ρ = z = 1/2 and c = 0.
    const GatedUnits layer{Matrix::Zero(3, 1), Matrix::Zero(3, 0), Vector::Zero(3),
                           Vector::Zero(3)};
    const Matrix states = iterate(layer, Vector::Constant(1, 0.8), Matrix::Zero(0, 5));
    for (Index t = 0; t <= 5; ++t) CHECK(states(0, t) == doctest::Approx(0.8 * std::pow(0.5, t)));
}

TEST_CASE("linearise: the slopes are those of central differences (slow twin)") {
    const GatedUnits layer = random_layer(6, 2, 1.0, 1);
    const Vector h = 0.5 * examples::random_matrix(6, 1, 7), s = examples::random_matrix(2, 1, 8);
    const GatedLinearisation around = linearise(layer, h, s);
    constexpr double d = 1e-5;  // errors of about d² and ε / d
    CHECK((around.next - step(layer, h, s)).norm() == 0.0);
    for (Index j = 0; j < 6; ++j) {
        const Vector e = d * Vector::Unit(6, j);
        const Vector slope = (step(layer, h + e, s) - step(layer, h - e, s)) / (2.0 * d);
        CHECK((around.jacobian.col(j) - slope).norm() < 1e-8);
    }
    for (Index j = 0; j < 2; ++j) {
        const Vector e = d * Vector::Unit(2, j);
        const Vector slope = (step(layer, h, s + e) - step(layer, h, s - e)) / (2.0 * d);
        CHECK((around.input.col(j) - slope).norm() < 1e-8);
    }
}

TEST_CASE("gated_fixed_points: every point is kept by the layer, and no two are one (residual)") {
    const GatedUnits layer = random_layer(8, 1, 2.0, 21);
    const Vector s = Vector::Constant(1, 0.3);
    const auto points = gated_fixed_points(layer, s, {.starts = 32}).points;
    REQUIRE(points.size() >= 2);
    for (std::size_t i = 0; i < points.size(); ++i) {
        CHECK((step(layer, points[i].state, s) - points[i].state).norm() < 1e-13);
        CHECK(points[i].state.cwiseAbs().maxCoeff() <= 1.0);
        CHECK(points[i].stable == (points[i].multipliers.cwiseAbs().maxCoeff() < 1.0));
        for (std::size_t j = 0; j < i; ++j)
            CHECK((points[i].state - points[j].state).cwiseAbs().maxCoeff() >= 1e-6);
    }
}

TEST_CASE("gated_fixed_points: a layer far from rest has the point that Brouwer promises") {
    // Where Newton's method alone finds none or few, |F|² descends first.
    const GatedUnits layer = random_layer(64, 0, 4.0 / 8.0, 5);
    const GatedFixedPoints found = gated_fixed_points(layer, Vector(), {.starts = 16});
    REQUIRE(!found.points.empty());
    CHECK(found.failed < 16);
    bool descended = false;
    for (const GatedFixedPoint& point : found.points) {
        CHECK(point.residual < 1e-12);
        descended = descended || point.found_from.ends_with(", descended");
    }
    CHECK(descended);
}

TEST_CASE("gated_fixed_points: any number of threads gives the same bits (slow twin)") {
    const GatedUnits layer = random_layer(8, 1, 2.0, 21);
    const Vector s = Vector::Constant(1, 0.3);
    const auto one = gated_fixed_points(layer, s, {.starts = 32, .seed = 5, .threads = 1}).points;
    const auto four = gated_fixed_points(layer, s, {.starts = 32, .seed = 5, .threads = 4}).points;
    REQUIRE(one.size() == four.size());
    for (std::size_t i = 0; i < one.size(); ++i) {
        CHECK(one[i].state == four[i].state);
        CHECK(one[i].found_from == four[i].found_from);
    }
}

TEST_CASE("gated units: arrays that do not fit each other are refused by name") {
    const GatedUnits layer = random_layer(4, 2, 1.0, 3);
    const Vector h = Vector::Zero(4), s = Vector::Zero(2);
    GatedUnits cut = layer;
    cut.input_bias = Vector::Zero(4);
    CHECK_THROWS_WITH_AS(validate(cut), doctest::Contains("input_bias"), ShapeError);
    CHECK_THROWS_WITH_AS((void)linearise(layer, h, h), doctest::Contains("input"), ShapeError);
    CHECK_THROWS_WITH_AS((void)iterate(layer, s, s), doctest::Contains("initial"), ShapeError);
    CHECK_THROWS_WITH_AS((void)gated_fixed_points(layer, s, {.starts = 0}),
                         doctest::Contains("starts: found 0"), DomainError);
    CHECK_THROWS_WITH_AS((void)gated_fixed_points(layer, Vector::Constant(2, NAN)),
                         doctest::Contains("input"), DomainError);
}
