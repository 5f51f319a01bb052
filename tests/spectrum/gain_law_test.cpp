#include "heddle/spectrum/gain_law.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <vector>

#include "heddle/core/error.hpp"
#include "heddle/core/random.hpp"
#include "heddle/network/generators.hpp"
#include "spectrum/least_loops.hpp"

using namespace heddle;
using namespace heddle::examples;

namespace {

constexpr Bulk unit_disc{0.0, 1.0};

std::string message_of(const auto& call) {
    try {
        call();
    } catch (const Error& error) {
        return error.what();
    }
    return "";
}

}  // namespace

TEST_CASE(
    "bulk_of: the centre is the mean of the diagonal, the radius what is left, at any centre") {
    const Matrix weights = gaussian_weights(60, 0.7, 3);
    const Bulk bulk = bulk_of(weights);
    CHECK(within(1e-12, bulk.centre, weights.diagonal().mean()));
    const Matrix identity = Matrix::Identity(60, 60);
    const double left = (weights - bulk.centre * identity).norm() / std::sqrt(60.0);
    CHECK(within(1e-12, bulk.radius, left));
    const Bulk shifted = bulk_of(weights + 1e6 * identity);
    CHECK(within(1e-12, shifted.centre, 1e6 + bulk.centre));
    CHECK(within(1e-8, shifted.radius, bulk.radius));
}

TEST_CASE("loop_gain: a real target costs √(λ² − g²) and a pair √(|λ|⁴/g² − g²)") {
    const Bulk bulk{-0.5, 0.8};
    ComplexVector one(1);
    one << 1.0;
    CHECK(within(1e-12, loop_gain(one, 1, bulk), std::sqrt(1.5 * 1.5 - 0.64)));
    ComplexVector pair(2);
    pair << Complex(1.0, -0.7), Complex(1.0, 0.7);
    const double power = 1.5 * 1.5 + 0.7 * 0.7;
    CHECK(within(1e-12, loop_gain(pair, 1, bulk), std::sqrt(power * power / 0.64 - 0.64)));
}

TEST_CASE("loop_gain: targets on a line cost what the law's published table says") {
    struct Row {
        double real;
        Index targets;
        Index loops;
        double gain;
    };
    const std::vector<Row> table = {{1.0, 20, 1, 17.5},   {1.0, 50, 5, 8.83},   {1.0, 50, 10, 5.70},
                                    {1.5, 20, 1, 1.41e4}, {1.5, 20, 2, 169.0},  {1.5, 20, 5, 15.1},
                                    {1.5, 20, 10, 7.72},  {2.0, 20, 2, 2227.0}, {2.0, 20, 5, 42.6}};
    for (const Row& row : table) {
        CAPTURE(row.real);
        CAPTURE(row.loops);
        const double gain = loop_gain(line(row.real, row.targets), row.loops, unit_disc);
        CHECK(within(0.005, gain, row.gain));  // the table has three digits
    }
}

TEST_CASE("loop_gain: the order of the targets is nothing to it") {
    const ComplexVector targets = line(1.2, 9);
    const ComplexVector reversed = targets.reverse();
    CHECK(loop_gain(targets, 3, unit_disc) == loop_gain(reversed, 3, unit_disc));
}

TEST_CASE("loop_gain: a target inside the disc costs nothing") {
    ComplexVector targets(3);
    targets << 1.4, Complex(0.3, 0.5), Complex(0.3, -0.5);
    CHECK(loop_gain(targets, 1, unit_disc) == loop_gain(targets.head(1), 1, unit_disc));
    CHECK(loop_gain(targets.tail(2), 1, unit_disc) == 0.0);
}

TEST_CASE("loop_gain: more loops never cost more") {
    const ComplexVector targets = line(1.3, 24);
    for (Index loops = 1; loops < 12; ++loops) {
        const double fewer = loop_gain(targets, loops, unit_disc);
        CHECK(loop_gain(targets, loops + 1, unit_disc) <= fewer * (1.0 + 1e-12));
    }
}

TEST_CASE("weight_noise_shift: the worst target of a network moves as much as the law says") {
    // 160 draws of a complex shift give its standard deviation to 4 %, and networks of this size
    // differ by about 5 %: at 25 % a false alarm is a 4 σ event.
    const Index n = 200;
    const double eta = 1e-5;
    const ComplexVector targets = line(2.0, 6);
    double power = 0.0;
    for (std::uint64_t network = 0; network < 4; ++network)
        power += input_noise_power(gaussian_weights(n, 1.0, network), targets, eta, 40, network);
    const double expected = weight_noise_shift(targets, 1, unit_disc, n, eta);
    CHECK(within(0.25, std::sqrt(power / 4.0), expected));
}

TEST_CASE("the gain law: what it cannot take is named, with what was found and what would work") {
    const ComplexVector fine = line(1.2, 4);
    CHECK(message_of([&] { (void)loop_gain(fine, 0, unit_disc); }) ==
          "loops: found 0, expected at least 1");
    CHECK(message_of([&] { (void)loop_gain(fine.head(1), 1, unit_disc); }) ==
          "targets: found 1.2 - 1i without its conjugate 1.2 + 1i, which a real network needs");
    CHECK(message_of([&] { (void)loop_gain(fine, 1, {0.0, 0.0}); }) ==
          "bulk: found radius 0 and centre 0, expected finite numbers and a positive radius");
    ComplexVector infinite = fine;
    infinite(1) = Complex(NAN, 0.0);
    CHECK(message_of([&] { (void)loop_gain(infinite, 1, unit_disc); }) ==
          "targets: number 1 is not finite, expected finite eigenvalues");
    CHECK_THROWS_AS((void)bulk_of(Matrix::Zero(2, 3)), ShapeError);
    CHECK_THROWS_AS((void)bulk_of(Matrix::Constant(2, 2, NAN)), DomainError);
}
