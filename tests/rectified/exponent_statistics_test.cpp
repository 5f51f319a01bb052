#include "rectified/exponent_statistics.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "heddle/core/random.hpp"

using namespace heddle;

namespace {

/// x_t = a x_{t−1} + noise, around 1.
Vector autoregressive(Index count, double a, std::uint64_t seed) {
    const Random random(seed);
    Vector series(count);
    double x = 0.0;
    for (Index t = 0; t < count; ++t) {
        x = a * x + random.normal(static_cast<std::uint64_t>(t));
        series[t] = 1.0 + x;
    }
    return series;
}

}  // namespace

TEST_CASE(
    "exponent_statistics: standard errors of an autoregressive series are 1 / (1 − a) / √N "
    "(statistics)") {
    // 40 independent series: the mean square of error / expected is 1 within 5 standard errors of a
    // χ² of some 49 degrees of freedom each, √(2 / 49 / 40) = 0.03, and the range adds up to 0.3.
    for (const double a : {0.0, 0.5, 0.9}) {
        constexpr Index count = 20'000;
        const double expected = 1.0 / (1.0 - a) / std::sqrt(static_cast<double>(count));
        double squares = 0.0, misses = 0.0;
        for (std::uint64_t seed = 0; seed < 40; ++seed) {
            const ExponentStatistics found =
                exponent_statistics(autoregressive(count, a, seed).transpose(), 0.0);
            CHECK(found.long_enough);
            CHECK(found.largest_drift < 5.0);
            squares += std::pow(found.error[0] / expected, 2) / 40;
            misses += std::abs(found.mean[0] - 1.0) > 4.0 * found.error[0] ? 1.0 : 0.0;
        }
        CHECK(squares > 0.85);
        CHECK(squares < 1.5);
        CHECK(misses == 0.0);  // 6e-5 each
    }
}

TEST_CASE("exponent_statistics: the correlation time is (1 + a) / (1 − a) / 2 (closed form)") {
    const ExponentStatistics found =
        exponent_statistics(autoregressive(200'000, 0.8, 1).transpose(), 0.0);
    CHECK(found.correlation == doctest::Approx(4.5).epsilon(0.1));
}

TEST_CASE(
    "exponent_statistics: an oscillation's error is what the ends leave open, even if the "
    "batches hold whole periods (limit case)") {
    Vector series(1000);
    for (Index t = 0; t < 1000; ++t) series[t] = std::sin(0.4 * M_PI * static_cast<double>(t));
    const ExponentStatistics found = exponent_statistics(series.transpose(), 0.0);
    CHECK(found.error[0] > 1e-3);
    CHECK(found.error[0] < 3e-3);
}

TEST_CASE("exponent_statistics: a drifting average is noticed (limit case)") {
    const Vector noise = autoregressive(1000, 0.0, 1);
    const Vector trend = Vector::LinSpaced(1000, 0.0, 4.0);
    CHECK(exponent_statistics((noise + trend).transpose(), 0.0).largest_drift > 5.0);
}

TEST_CASE(
    "kaplan_yorke: 2 + (1 + 0) / 4 for 1, 0, −4, and nothing if too few are known (closed "
    "form)") {
    Matrix rates(3, 400);
    for (Index j = 0; j < 3; ++j) rates.row(j) = 1e-3 * autoregressive(400, 0.0, 1 + j).transpose();
    rates.row(0).array() += 1.0;
    rates.row(2).array() -= 4.0;
    const ExponentStatistics statistics = exponent_statistics(rates, 1e-9);
    const auto found = kaplan_yorke(rates, statistics, 3, 1e-9);
    REQUIRE(found.has_value());
    CHECK(found->dimension == doctest::Approx(2.25).epsilon(1e-3));
    CHECK(found->error > 0.0);
    CHECK(found->error < 1e-3);
    const Matrix two = rates.topRows(2);
    CHECK(!kaplan_yorke(two, exponent_statistics(two, 1e-9), 3, 1e-9).has_value());
    CHECK(kaplan_yorke(two, exponent_statistics(two, 1e-9), 2, 1e-9)->dimension == 2.0);
    const Matrix falling = rates.bottomRows(1);
    CHECK(kaplan_yorke(falling, exponent_statistics(falling, 1e-9), 3, 1e-9)->dimension == 0.0);
}
