#include "heddle/circuit/distribution.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "circuit/normal_law.hpp"
#include "heddle/core/error.hpp"
#include "heddle/core/random.hpp"

using namespace heddle;
using Kind = Distribution::Kind;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

const std::vector<Distribution> laws{
    {Kind::normal, 1.5, 0.75},
    {Kind::normal, 1.5, 0.75, 0.1},
    {Kind::normal, 0.0, 1.0, 2.0, 2.4},
    {Kind::lognormal, 2.0, 3.0},
    {Kind::lognormal, -2.0, 1.0, -4.0, -0.5},
    {Kind::lorentzian, -1.0, 0.5},
    {Kind::lorentzian, -1.0, 0.5, -3.0, 9.0},
    {Kind::uniform, 0.0, 0.0, -1.0, 4.0},
};

/// ∫ x dP by the midpoints of equal probabilities: the slow twin of the closed form.
double averaged_quantile(const Distribution& law, int count) {
    double sum = 0.0;
    for (int i = 0; i < count; ++i) sum += quantile(law, (i + 0.5) / count);
    return sum / count;
}

}  // namespace

TEST_CASE("normal_quantile: inverts erfc to 1e-15 on both tails (residual identity)") {
    for (double p = 1e-300; p < 0.5; p = p < 1e-3 ? p * 10.0 : p + 0.003) {
        const double x = normal_quantile(p);
        // δp / p = |x| δx / (1 + …): the error of p is that of x times at most x² + 1.
        CHECK(std::abs(normal_below(x) / p - 1.0) < 1e-15 * (x * x + 2.0));
    }
    CHECK(normal_quantile(0.5) == 0.0);
    CHECK(normal_quantile(0.975) == doctest::Approx(1.959963984540054).epsilon(1e-15));
}

TEST_CASE("quantile: inverts probability_below for every law, interval included") {
    for (const Distribution& law : laws) {
        validate(law, "law");
        for (double p = 0.001; p < 1.0; p += 0.00713) {
            CHECK(probability_below(law, quantile(law, p)) == doctest::Approx(p).epsilon(1e-12));
            CHECK(quantile(law, p) >= law.low);
            CHECK(quantile(law, p) <= law.high);
        }
    }
}

TEST_CASE("probability_below: closed forms at points anyone can check") {
    CHECK(probability_below({Kind::normal, 1.0, 2.0}, 3.0) ==
          doctest::Approx(0.8413447460685429).epsilon(1e-15));
    CHECK(probability_below({Kind::lorentzian, 1.0, 2.0}, 3.0) == doctest::Approx(0.75));
    // The median of a lognormal is mean / √(1 + cv²).
    CHECK(probability_below({Kind::lognormal, 2.0, 2.0}, std::sqrt(2.0)) == doctest::Approx(0.5));
    CHECK(probability_below({Kind::lognormal, -2.0, 2.0}, -std::sqrt(2.0)) == doctest::Approx(0.5));
    CHECK(probability_below({Kind::constant, 2.0}, 2.0) == 1.0);
    CHECK(probability_below({Kind::constant, 2.0}, 1.999) == 0.0);
    CHECK(probability_below({Kind::uniform, 0.0, 0.0, 1.0, 3.0}, 1.5) == doctest::Approx(0.25));
    CHECK(probability_below({Kind::normal, 0.0, 1.0, 0.0}, -0.1) == 0.0);
    CHECK(probability_below({Kind::normal, 0.0, 1.0, 0.0}, 0.0) == 0.0);
}

TEST_CASE("mean_of: the closed form is the average of the quantiles (slow twin)") {
    for (const Distribution& law : laws) {
        if (law.kind == Kind::lorentzian && law.high == infinity) continue;
        // The last cell of a lognormal of cv 1.5 holds 2e-5 of its mean and is seen at its middle.
        CHECK(averaged_quantile(law, 400'000) == doctest::Approx(mean_of(law)).epsilon(2e-5));
    }
    CHECK(mean_of({Kind::lognormal, -2.0, 3.0}) == doctest::Approx(-2.0).epsilon(1e-14));
    CHECK(mean_of({Kind::normal, 1.5, 0.75}) == 1.5);
    CHECK(mean_of({Kind::constant, 7.0}) == 7.0);
}

TEST_CASE("mean_of: an unbounded Lorentzian has none and says what would") {
    CHECK_THROWS_WITH_AS((void)mean_of({Kind::lorentzian, 1.0, 2.0}),
                         "a Lorentzian law without low and high has no mean; give it both",
                         DomainError);
}

TEST_CASE("quantile: draws of a lognormal have the mean and deviation asked for") {
    const Distribution law{Kind::lognormal, 3.0, 1.5};
    const Random random(4);
    const int count = 200'000;
    double sum = 0.0, squares = 0.0;
    for (int i = 0; i < count; ++i) {
        const double x = quantile(law, random.uniform(static_cast<std::uint64_t>(i)));
        sum += x;
        squares += (x - 3.0) * (x - 3.0);
    }
    // Kurtosis of a lognormal of cv ½ is 8.0: standard errors 0.0034 and 1.32 %; 5 of them, a false
    // alarm once in 10⁶ seeds.
    CHECK(std::abs(sum / count - 3.0) < 5.0 * 1.5 / std::sqrt(count));
    CHECK(std::abs(squares / count / 2.25 - 1.0) < 5.0 * std::sqrt(7.0 / count));
}

TEST_CASE("validate: a law that cannot be drawn from is named, with what would work") {
    const auto message = [](const Distribution& law) -> std::string {
        try {
            validate(law, "delay");
        } catch (const DomainError& error) {
            return error.what();
        }
        return "";
    };
    CHECK(message({Kind::normal, 1.0, -1.0}) ==
          "delay.scale: found -1, expected a finite number, 0 or more");
    CHECK(message({Kind::normal, NAN, 1.0}) ==
          "delay.location: found nan, expected a finite number");
    CHECK(message({Kind::normal, 1.0, 1.0, 2.0, 1.0}) ==
          "delay.high: found 1, expected a number above low");
    CHECK(message({Kind::lognormal, 0.0, 1.0}) ==
          "delay.location: found 0, expected a mean other than 0 for a lognormal law");
    CHECK(message({Kind::uniform, 0.0, 0.0, 1.0}) ==
          "delay.high: found inf, expected a finite number for a uniform law");
    CHECK(
        message({Kind::normal, 0.0, 1.0, 3.0}) ==
        "delay: low = 3 to high = inf holds 0.13499 % of the law around 0, expected at least 1 %");
    CHECK(message({Kind::constant, 5.0, 0.0, 0.0, 1.0}) ==
          "delay: low = 0 to high = 1 holds 0 % of the law around 5, expected at least 1 %");
    CHECK(message({Kind::normal, 1.5, 0.75, 0.1}).empty());
}
