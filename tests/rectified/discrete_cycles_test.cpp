#include "heddle/rectified/discrete_cycles.hpp"

#include <doctest/doctest.h>

#include <array>

#include "heddle/core/error.hpp"
#include "support/examples.hpp"

using namespace heddle;

namespace {

/// z' = l z + 1 for z < 0 and r z + 1 for z > 0.
ThresholdMap skew_tent(double l, double r, double h = 1.0) {
    return plrnn(Matrix::Constant(1, 1, l), Matrix::Constant(1, 1, r - l), Vector::Constant(1, h));
}

/// z' = 2 z up to ½ and 2 − 2 z from there.
ThresholdMap full_tent() {
    return {Matrix::Constant(1, 1, 2.0), Matrix::Constant(1, 1, -4.0), Matrix::Ones(1, 1),
            Vector::Constant(1, -0.5), Vector::Zero(1)};
}

/// The border-collision normal form of the plane, μ = 1, of traces and determinants left and right.
ThresholdMap normal_form(double trace_l, double det_l, double trace_r, double det_r) {
    Matrix left(2, 2), change(2, 2);
    left << trace_l, 1, -det_l, 0;
    change << trace_r - trace_l, 0, det_l - det_r, 0;
    return plrnn(left, change, Vector::Unit(2, 0), {0});
}

ThresholdMap random_plrnn(Index n) {
    const Vector a = 0.5 * examples::random_matrix(n, 1, 11);
    return plrnn(a.asDiagonal().toDenseMatrix(), 1.2 * examples::random_matrix(n, n, 12),
                 examples::random_matrix(n, 1, 13));
}

}  // namespace

TEST_CASE(
    "cycles_of_map: the skew tent map's 2- and 3-cycles are where they should be (closed "
    "form)") {
    const double l = 0.4, r = -4.0;
    const ThresholdMap map = skew_tent(l, r);
    const MapCycles two = cycles_of_map(map, 2);
    REQUIRE(two.cycles.size() == 1);
    CHECK(two.complete);
    CHECK(two.cycles[0].states(0, 0) == doctest::Approx((1 + r) / (1 - l * r)).epsilon(1e-14));
    CHECK(two.cycles[0].states(0, 1) == doctest::Approx((1 + l) / (1 - l * r)).epsilon(1e-14));
    CHECK(two.cycles[0].multipliers[0].real() == doctest::Approx(l * r));
    CHECK(!two.cycles[0].stable);
    const MapCycles three = cycles_of_map(map, 3);
    REQUIRE(three.cycles.size() == 2);  // a stable one and, on the word LRR, one that is not
    CHECK(three.cycles[0].stable);
    CHECK(three.cycles[0].multipliers[0].real() == doctest::Approx(l * l * r));
    CHECK(three.cycles[0].itinerary == std::vector<Support>{{}, {}, {0}});
    CHECK(three.cycles[0].states(0, 2) ==
          doctest::Approx((1 + l + l * l) / (1 - l * l * r)).epsilon(1e-14));
    CHECK(three.cycles[1].multipliers[0].real() == doctest::Approx(l * r * r));
    for (const MapCycle& cycle : three.cycles) CHECK(cycle.residual < 1e-14);
}

TEST_CASE(
    "cycles_of_map: the full tent map has as many k-cycles as there are Lyndon words of two "
    "letters (closed form)") {
    const std::array<std::size_t, 10> lyndon = {2, 1, 2, 3, 6, 9, 18, 30, 56, 99};
    for (std::size_t k = 1; k <= lyndon.size(); ++k) {
        const MapCycles found = cycles_of_map(full_tent(), static_cast<Index>(k));
        CHECK(found.complete);
        CHECK(found.cycles.size() == lyndon[k - 1]);
        for (const MapCycle& cycle : found.cycles) {
            CHECK(cycle.residual < 1e-13);
            CHECK(cycle.spectral_radius ==
                  doctest::Approx(std::exp2(static_cast<double>(k))).epsilon(1e-12));
        }
    }
}

TEST_CASE(
    "cycles_of_map: the search finds what the exhaustive one does, and calls itself not "
    "exhaustive (slow twin)") {
    for (const auto& [map, period] :
         {std::pair{full_tent(), Index{6}}, std::pair{random_plrnn(3), Index{1}},
          std::pair{random_plrnn(3), Index{2}}, std::pair{random_plrnn(3), Index{3}}}) {
        const MapCycles all = cycles_of_map(map, period);
        MapCycleOptions options;
        options.most_words = 0;
        const MapCycles searched = cycles_of_map(map, period, options);
        CHECK(all.exhaustive);
        CHECK(!searched.exhaustive);
        CHECK(!searched.complete);
        CHECK(searched.statement.find("not exhaustive") != std::string::npos);
        CHECK(searched.without_news >= options.patience);
        REQUIRE(searched.cycles.size() == all.cycles.size());
        for (std::size_t i = 0; i < all.cycles.size(); ++i)
            CHECK(searched.cycles[i].spectral_radius ==
                  doctest::Approx(all.cycles[i].spectral_radius).epsilon(1e-9));
        options.threads = 1;
        const MapCycles again = cycles_of_map(map, period, options);
        CHECK(again.words == searched.words);
        for (std::size_t i = 0; i < all.cycles.size(); ++i)
            CHECK(again.cycles[i].states == searched.cycles[i].states);
    }
}

TEST_CASE(
    "cycles_of_map: a stable cycle of the border-collision normal form is where trajectories "
    "end (slow twin)") {
    const ThresholdMap map = normal_form(0.5, 0.4, -2.0, 0.4);
    const Matrix path = iterate(map, Vector::Unit(2, 0), 20'000);
    Index period = 1;
    while (period < 12 && (path.col(20'000) - path.col(20'000 - period)).norm() > 1e-10) ++period;
    REQUIRE(period == 3);
    const MapCycles found = cycles_of_map(map, period);
    CHECK(found.complete);
    REQUIRE(!found.cycles.empty());
    CHECK(found.cycles[0].stable);
    double nearest = 1.0;
    for (Index t = 0; t < period; ++t)
        nearest = std::min(nearest, (found.cycles[0].states.col(t) - path.col(20'000)).norm());
    CHECK(nearest < 1e-9);
}

TEST_CASE("unrolled: its fixed points are the orbits whose period divides k (residual identity)") {
    const ThresholdMap map = random_plrnn(3);
    for (const Index k : {2, 3}) {
        const std::size_t fixed = fixed_points_of_map(map).cycles.size();
        const std::size_t cycles = cycles_of_map(map, k).cycles.size();
        const MapCycles stacked = fixed_points_of_map(unrolled(map, k));
        CHECK(stacked.complete);
        CHECK(stacked.cycles.size() == fixed + static_cast<std::size_t>(k) * cycles);
    }
}

TEST_CASE(
    "cycles_of_map: where every z > 0 stays, or every z returns after two steps, it says so "
    "(limit case)") {
    const MapCycles fixed = fixed_points_of_map(skew_tent(0.5, 1.0, 0.0));
    REQUIRE(fixed.degenerate.size() == 1);
    CHECK(fixed.degenerate[0].continuum);
    CHECK(fixed.degenerate[0].states(0, 0) > 0.0);
    CHECK(!fixed.complete);
    REQUIRE(fixed.cycles.size() == 1);
    CHECK(fixed.cycles[0].on_border);
    const MapCycles two = cycles_of_map(skew_tent(-1.0, -1.0, 0.0), 2);
    REQUIRE(two.degenerate.size() == 1);
    CHECK(two.degenerate[0].continuum);
    CHECK(two.cycles.empty());
    // 1 − J is singular for z > 0, but z' = z + 1 has no fixed point there.
    const MapCycles none = fixed_points_of_map(skew_tent(0.5, 1.0, 1.0));
    CHECK(none.complete);
    CHECK(none.cycles.empty());
}

TEST_CASE("cycles_of_map: a fixed point on the border of two regions is one (limit case)") {
    const MapCycles found = fixed_points_of_map(skew_tent(0.4, -4.0, 0.0));
    REQUIRE(found.cycles.size() == 1);
    CHECK(found.cycles[0].on_border);
    CHECK(found.complete);
}

TEST_CASE("cycles_of_map: refuses what it cannot do, naming it") {
    CHECK_THROWS_WITH_AS(static_cast<void>(cycles_of_map(full_tent(), 0)),
                         doctest::Contains("period"), DomainError);
    MapCycleOptions options;
    options.tolerance = 0.0;
    CHECK_THROWS_WITH_AS(static_cast<void>(cycles_of_map(full_tent(), 1, options)),
                         doctest::Contains("tolerance"), DomainError);
    CHECK_THROWS_WITH_AS(
        static_cast<void>(plrnn(Matrix::Zero(2, 2), Matrix::Zero(2, 2), Vector::Zero(2), {1, 1})),
        doctest::Contains("rectified"), DomainError);
    CHECK_THROWS_WITH_AS(
        static_cast<void>(plrnn(Matrix::Zero(2, 2), Matrix::Zero(2, 3), Vector::Zero(2))),
        doctest::Contains("w"), ShapeError);
}

TEST_CASE(
    "ThresholdMap: shallow, clipped and ReLU forms do what their equations say (closed "
    "form)") {
    const Matrix a = examples::random_matrix(3, 3, 1), w1 = examples::random_matrix(3, 5, 2);
    const Matrix w2 = examples::random_matrix(5, 3, 3);
    const Vector h1 = examples::random_matrix(3, 1, 4), h2 = examples::random_matrix(5, 1, 5);
    const Vector z = examples::random_matrix(3, 1, 6);
    const Vector inner = (w2 * z + h2).cwiseMax(0.0);
    const Vector shallow = a * z + w1 * inner + h1;
    const Vector clipped = shallow - w1 * (w2 * z).cwiseMax(0.0);
    CHECK((next_state(shallow_plrnn(a, w1, w2, h1, h2), z) - shallow).norm() < 1e-14);
    CHECK((next_state(shallow_plrnn(a, w1, w2, h1, h2, true), z) - clipped).norm() < 1e-14);
    CHECK((next_state(relu_rnn(a, h1), z) - (a * z + h1).cwiseMax(0.0)).norm() < 1e-14);
    Vector mixed = z;
    mixed[1] = std::max(z[1], 0.0);
    const Matrix w = examples::random_matrix(3, 3, 7);
    CHECK((next_state(plrnn(a, w, h1, {1}), z) - (a * z + w * mixed + h1)).norm() < 1e-14);
}
