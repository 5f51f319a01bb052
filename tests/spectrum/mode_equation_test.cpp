#include "spectrum/mode_equation.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "heddle/spectrum/closed_loop.hpp"
#include "support/examples.hpp"

using namespace heddle;

namespace {

struct Example {
    Network network = examples::network(20, 3);
    Loops loops{0.1 * examples::random_matrix(20, 2, 5), examples::random_matrix(20, 2, 6)};
    ModeCoordinates coordinates = mode_coordinates(eigen_system(network), loops);
    ModeEquation equation{coordinates, {0, 1}};

    ModePoint at(Index mode, double gate) {
        ModePoint point = equation.start(mode);
        for (int s = 1; s <= 100; ++s) {
            const Complex slope = point.slope();
            point.gate = gate * s / 100.0;
            point.value += 0.01 * gate * slope;
            REQUIRE(equation.solve(point));
        }
        return point;
    }
};

}  // namespace

TEST_CASE("ModeEquation: its roots are eigenvalues, its slopes their derivatives") {
    Example example;
    const double h = 1e-5;
    for (const Index mode : {0, 4, 9}) {
        const ModePoint low = example.at(mode, 0.3), high = example.at(mode, 0.3 + h);
        const Loops open{0.3 * example.loops.u, example.loops.v};
        const ComplexVector dense = closed_spectrum(dense_weights(example.network), open);
        CHECK((dense.array() - low.value).abs().minCoeff() < 1e-12);
        CHECK(std::abs((high.value - low.value) / h - low.slope()) < 1e-3);
    }
}

TEST_CASE("ModeEquation: points dg apart are at a distance of rate² dg², to third order") {
    Example example;
    for (const Index mode : {0, 4, 9}) {
        const ModePoint point = example.at(mode, 0.3);
        const double rate = example.equation.rate(point);
        const auto error = [&](double h) {
            ModePoint next = point;
            next.gate += h;
            next.value += h * point.slope();
            REQUIRE(example.equation.solve(next));
            return std::abs(distance(point, next) - rate * rate * h * h);
        };
        const double order = std::log2(error(4e-4) / error(2e-4));
        CHECK(order == doctest::Approx(3.0).epsilon(0.1 / 3.0));
    }
}
