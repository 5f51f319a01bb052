#include <doctest/doctest.h>

#include <cmath>

#include "heddle/core/error.hpp"
#include "heddle/network/generators.hpp"
#include "network/statistics.hpp"

using namespace heddle;
using namespace heddle::examples;

namespace {

/// Radius that holds the fraction F of the bulk when the fraction f of columns has variance e/n and
/// the others i/n:  f e / (r² + (1 − F) e) + (1 − f) i / (r² + (1 − F) i) = 1  (Rajan & Abbott
/// 2006).
double bulk_radius_of(double fraction, double f, double e, double i) {
    double low = 0.0;
    double high = f * e + (1.0 - f) * i;
    for (int step = 0; step < 100; ++step) {
        const double square = 0.5 * (low + high);
        const double rest = 1.0 - fraction;
        const double sum = f * e / (square + rest * e) + (1.0 - f) * i / (square + rest * i);
        (sum > 1.0 ? low : high) = square;
    }
    return std::sqrt(low);
}

}  // namespace

TEST_CASE("dale_weights: excitatory columns are never negative, inhibitory ones never positive") {
    const Matrix weights = dale_weights(101, 3);
    CHECK(weights.leftCols(81).minCoeff() >= 0.0);
    CHECK(weights.rightCols(20).maxCoeff() <= 0.0);
    CHECK(weights.diagonal().cwiseAbs().maxCoeff() == 0.0);
}

TEST_CASE("dale_weights: every row sums to zero") {
    for (const DaleOptions& options : {DaleOptions{}, DaleOptions{0.5, 0.05, 2.0}}) {
        const Matrix weights = dale_weights(80, 3, options);
        const Vector sums = weights.rowwise().sum();
        CHECK(sums.cwiseAbs().maxCoeff() < 1e-14 * weights.cwiseAbs().rowwise().sum().maxCoeff());
        CHECK(weights.cwiseAbs().rowwise().sum().minCoeff() > 0.0);
    }
}

TEST_CASE("dale_weights: connections are present with probability p") {
    // 200 · 199 Bernoulli trials: 5 standard errors.
    const double present = static_cast<double>((dale_weights(200, 3).array() != 0.0).count());
    const double expected = 0.2 * 200 * 199;
    CHECK(std::abs(present - expected) < 5.0 * std::sqrt(0.8 * expected));
}

namespace {

/// Mean over 4 networks of the fraction of eigenvalues where the limit n → ∞ has `fraction`, minus
/// it.
double excess(double fraction, const DaleOptions& options) {
    const double f = options.excitatory_fraction;
    const double excitatory = options.g * options.g / (f + f * f / (1.0 - f));
    const double inhibitory = excitatory * f * f / ((1.0 - f) * (1.0 - f));
    const double radius = bulk_radius_of(fraction, f, excitatory, inhibitory);
    double mean = -fraction;
    for (std::uint64_t seed = 0; seed < 4; ++seed)
        mean += 0.25 * fraction_within(eigenvalues(dale_weights(300, seed, options)), radius);
    return mean;
}

}  // namespace

// The number of eigenvalues within a circle has a standard deviation of about n^¼ = 4, so the mean
// fraction of 4 networks 0.7 %: 4 % is 5 σ and 0.5 % for finite n.

TEST_CASE("dale_weights: the bulk has radius g, and the density two kinds of columns give it") {
    for (const DaleOptions& options : {DaleOptions{0.8, 0.5, 0.9}, DaleOptions{0.5, 0.2, 1.5}})
        for (const double fraction : {0.3, 0.6, 0.9})
            CHECK(std::abs(excess(fraction, options)) < 0.04);
}

TEST_CASE("dale_weights: the radius is g also if units have as few as six inhibitory inputs") {
    CHECK(std::abs(excess(0.9, {0.8, 0.2, 0.9})) < 0.04);
    CHECK(std::abs(excess(0.9, {0.8, 0.1, 0.9})) < 0.04);
}

TEST_CASE("dale_weights: balance leaves no outlier") {
    for (std::uint64_t seed = 0; seed < 4; ++seed)
        CHECK(spectral_radius(eigenvalues(dale_weights(200, seed))) < 0.9 * 1.25);
}

TEST_CASE("dale_weights: what it cannot take is named, with what was found and what would work") {
    CHECK_THROWS_WITH_AS((void)dale_weights(3, 1),
                         "n: found 3 units, expected at least 4 for two kinds of them",
                         DomainError);
    CHECK_THROWS_WITH_AS((void)dale_weights(10, 1, {1.0, 0.2, 0.9}),
                         "excitatory_fraction: found 1, expected a fraction in (0, 1)",
                         DomainError);
    CHECK_THROWS_WITH_AS((void)dale_weights(10, 1, {0.8, 1.0, 0.9}),
                         "p: found 1, expected a probability in (0, 1)", DomainError);
    CHECK_THROWS_WITH_AS((void)dale_weights(10, 1, {0.8, 0.2, -1.0}),
                         "g: found -1, expected a finite number, 0 or more", DomainError);
}
