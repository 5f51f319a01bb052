#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "heddle/core/error.hpp"
#include "heddle/network/generators.hpp"
#include "network/statistics.hpp"

using namespace heddle;
using namespace heddle::examples;

// Σ|λ|² of n iid weights of radius g has mean n g²/2 and a standard deviation of g² √(1 + κ/4), κ
// the excess kurtosis of one weight, for any n (Cipolloni, Erdős & Schröder 2021). So √(2 ⟨|λ|²⟩)
// is g with a standard error of √(1 + κ/4) g / n; tests allow 5 of them, a false alarm once in 10⁶
// runs, and as much again for the O(1/n) shift of the mean.

TEST_CASE("gaussian_weights: the eigenvalues fill the disc of radius g evenly") {
    const Index n = 300;
    for (const double g : {0.5, 0.9, 1.6}) {
        const Matrix weights = gaussian_weights(n, g, 11);
        CHECK(std::abs(disc_radius(weights) / g - 1.0) < 10.0 / n);
        // The number in half the radius has mean n/4 and a standard deviation below 3.
        CHECK(std::abs(fraction_within(eigenvalues(weights), 0.5 * g) - 0.25) < 15.0 / n);
    }
}

TEST_CASE("gaussian_weights: the seed is all that decides, and weights are N(0, g²/n)") {
    CHECK(gaussian_weights(20, 1.0, 3) == gaussian_weights(20, 1.0, 3));
    CHECK(gaussian_weights(20, 1.0, 3) != gaussian_weights(20, 1.0, 4));
    CHECK(gaussian_weights(20, 2.0, 3) == 2.0 * gaussian_weights(20, 1.0, 3));
    const Matrix weights = gaussian_weights(300, 0.9, 3);
    // 90 000 squares: standard error √(2/90000) = 0.47 %; mean: standard error 1/300. 5 σ.
    CHECK(std::abs(300.0 * weights.array().square().mean() / 0.81 - 1.0) < 0.024);
    CHECK(std::abs(std::sqrt(300.0) * weights.mean() / 0.9) < 5.0 / 300.0);
}

TEST_CASE("sparse_weights: the eigenvalues fill the disc of radius g") {
    const Index n = 400;
    const double p = 0.1;
    const double error = std::sqrt(1.0 + 0.25 * (3.0 / p - 3.0)) / n;
    CHECK(std::abs(disc_radius(Matrix(sparse_weights(n, p, 0.9, 2))) / 0.9 - 1.0) < 10.0 * error);
}

TEST_CASE(
    "sparse_weights: each connection is there with probability p, independently, none to itself") {
    const Index n = 500;
    for (const double p : {0.003, 0.1, 0.7}) {
        const Matrix present = (Matrix(sparse_weights(n, p, 1.0, 5)).array() != 0.0).cast<double>();
        const double expected = p * static_cast<double>(n * (n - 1));
        CHECK(std::abs(present.sum() - expected) < 5.0 * std::sqrt(expected * (1.0 - p)));
        CHECK(present.diagonal().sum() == 0.0);
        // Per row and per column: binomial, so the variance of the sums is known; it is estimated
        // to √(2/n) = 6 %, and 5 of those are allowed.
        const double variance = static_cast<double>(n) * p * (1.0 - p);
        for (const Vector& sums :
             {Vector(present.rowwise().sum()), Vector(present.colwise().sum())}) {
            const double measured = (sums.array() - sums.mean()).square().mean();
            CHECK(std::abs(measured / variance - 1.0) <
                  5.0 * std::sqrt((2.0 + 1.0 / variance) / n));
        }
    }
}

TEST_CASE("sparse_weights: with p = 1 every connection but those to itself is there") {
    const Matrix weights(sparse_weights(30, 1.0, 1.0, 5));
    CHECK((weights.array() != 0.0).count() == 30 * 29);
}

TEST_CASE("sparse_weights: a large network costs what its connections cost") {
    const SparseMatrix weights = sparse_weights(200'000, 1e-5, 0.9, 1);
    CHECK(weights.isCompressed());
    CHECK(std::abs(static_cast<double>(weights.nonZeros()) - 4e5) < 5.0 * std::sqrt(4e5));
}

TEST_CASE("low_rank_weights: outliers lie where they were asked for, to the stated N^-1/2") {
    // 3 outliers in 5 networks, 15 normal deviates of the stated size: their root mean square is 1
    // with a standard error of √(1/30) = 18 %; no outlier may be further than 5.
    const Index n = 400;
    const double g = 0.6;
    Vector outliers(3);
    outliers << 1.8, 1.2, -1.4;
    double power = 0.0;
    for (std::uint64_t seed = 0; seed < 5; ++seed) {
        const ComplexVector spectrum = eigenvalues(low_rank_weights(n, g, outliers, seed));
        for (const double outlier : outliers) {
            const double square = outlier * outlier;
            const double sigma = g * std::sqrt((1.0 + square) / (n * (square - g * g)));
            const double distance = distance_to(spectrum, outlier) / sigma;
            CHECK(distance < 5.0);
            power += distance * distance / 15.0;
        }
        CHECK((spectrum.array().abs() > 1.15 * g).count() == 3);
    }
    CHECK(std::abs(std::sqrt(power) - 1.0) < 0.9);
    CHECK(std::sqrt(power) > 0.3);
}

TEST_CASE("low_rank_weights: without a bulk the outliers are exact, and the rank is theirs") {
    Vector outliers(2);
    outliers << 0.7, -0.4;
    const ComplexVector spectrum = eigenvalues(low_rank_weights(50, 0.0, outliers, 1));
    CHECK(distance_to(spectrum, 0.7) < 1e-12);
    CHECK(distance_to(spectrum, -0.4) < 1e-12);
    CHECK((spectrum.array().abs() > 1e-6).count() == 2);
}

TEST_CASE(
    "random weights: what they cannot take is named, with what was found and what would work") {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    CHECK_THROWS_WITH_AS((void)gaussian_weights(0, 1.0, 1), "n: found 0 units, expected at least 1",
                         DomainError);
    CHECK_THROWS_WITH_AS((void)gaussian_weights(3, -0.9, 1),
                         "g: found -0.9, expected a finite number, 0 or more", DomainError);
    CHECK_THROWS_WITH_AS((void)gaussian_weights(3, nan, 1),
                         "g: found nan, expected a finite number, 0 or more", DomainError);
    CHECK_THROWS_WITH_AS((void)sparse_weights(3, 1.2, 1.0, 1),
                         "p: found 1.2, expected a probability in (0, 1]", DomainError);
    CHECK_THROWS_WITH_AS((void)sparse_weights(100'000, 0.5, 1.0, 1),
                         "p: found 0.5 with 100000 units, expected less than 2e9 connections, p "
                         "below 0.2",
                         DomainError);
    CHECK_THROWS_WITH_AS((void)low_rank_weights(9, 0.9, Vector(0), 1),
                         "outliers: found 0 values, expected 1 to 9", DomainError);
    CHECK_THROWS_WITH_AS((void)low_rank_weights(9, 0.9, Vector::Constant(1, 0.8), 1),
                         "outliers: found 0.8, expected a finite number outside the bulk, whose "
                         "radius g is 0.9",
                         DomainError);
}
