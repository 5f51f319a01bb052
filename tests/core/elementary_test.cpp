#include "core/elementary.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <numbers>

#include "heddle/core/random.hpp"

using namespace heddle;

namespace {

/// Distance from the exact value, in units in the last place of it.
double units_off(double found, long double exact) {
    const double magnitude = std::abs(static_cast<double>(exact));
    const double unit =
        std::nextafter(magnitude, std::numeric_limits<double>::infinity()) - magnitude;
    return static_cast<double>(std::abs(static_cast<long double>(found) - exact) / unit);
}

constexpr int samples = 20'000;

}  // namespace

TEST_CASE("elementary: exp and log are off by less than two units in the last place") {
    const Random random(1);
    for (std::uint64_t k = 0; k < samples; ++k) {
        const double width = k % 2 == 0 ? 1400.0 : 2.0;
        const double x = width * (random.uniform(k) - 0.5);
        CHECK(units_off(elementary::exp(x), std::exp(static_cast<long double>(x))) < 2.0);
        const double y = std::exp(x);
        CHECK(units_off(elementary::log(y), std::log(static_cast<long double>(y))) < 2.0);
    }
    CHECK(elementary::exp(0.0) == 1.0);
    CHECK(elementary::log(1.0) == 0.0);
}

TEST_CASE("elementary: exp far outside of its range stays tiny, or huge and finite") {
    for (const double x : {-709.0, -1e4, -1e12}) {
        CHECK(elementary::exp(x) >= 0.0);
        CHECK(elementary::exp(x) < 1e-305);
    }
    for (const double x : {701.0, 1e4, 1e12}) {
        CHECK(elementary::exp(x) > 1e300);
        CHECK(std::isfinite(elementary::exp(x)));
    }
}

TEST_CASE("elementary: a turn has the sine and the cosine of its angle") {
    const Random random(2);
    for (std::uint64_t k = 0; k < samples; ++k) {
        const double u = random.uniform(k);
        const auto [sine, cosine] = elementary::turn(u);
        CHECK(sine == doctest::Approx(std::sin(2.0 * std::numbers::pi * u)).epsilon(1e-15));
        CHECK(cosine == doctest::Approx(std::cos(2.0 * std::numbers::pi * u)).epsilon(1e-15));
    }
}

TEST_CASE("elementary: calls give the bits of the functions that loops contain") {
    const Random random(3);
    for (std::uint64_t k = 0; k < samples; ++k) {
        const double x = 40.0 * (random.uniform(k) - 0.5);
        CHECK(elementary::exp_of(x) == elementary::exp(x));
        CHECK(elementary::log_of(std::abs(x)) == elementary::log(std::abs(x)));
    }
}
