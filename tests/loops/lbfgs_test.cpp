#include "loops/lbfgs.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

using namespace heddle;

namespace {

/// The Rayleigh quotient of diag(1 … n): its minimum is 1, and it does not change with ‖x‖.
void rayleigh(Evaluated& at) {
    const Vector d = Vector::LinSpaced(at.x.size(), 1.0, static_cast<double>(at.x.size()));
    const double square = at.x.squaredNorm();
    at.value = at.x.dot(d.cwiseProduct(at.x)) / square;
    at.gradient = 2.0 / square * (d.cwiseProduct(at.x) - at.value * at.x);
}

}  // namespace

TEST_CASE("minimise: finds the least eigenvalue as the minimum of the Rayleigh quotient") {
    const Minimum found = minimise(rayleigh, Vector::Ones(30), {1e-8, 400});
    CHECK(found.converged);
    CHECK(found.at.value == doctest::Approx(1.0).epsilon(1e-12));
    CHECK(found.evaluations < 120);
}

TEST_CASE("minimise: Rosenbrock's valley from the usual start") {
    const auto rosenbrock = [](Evaluated& at) {
        const double a = 1.0 - at.x[0], b = at.x[1] - at.x[0] * at.x[0];
        at.value = 1.0 + a * a + 100.0 * b * b;
        at.gradient.resize(2);
        at.gradient << -2.0 * a - 400.0 * at.x[0] * b, 200.0 * b;
    };
    Vector start(2);
    start << -1.2, 1.0;
    const Minimum found = minimise(rosenbrock, start, {1e-9, 200});
    CHECK(found.converged);
    CHECK(found.at.x[0] == doctest::Approx(1.0).epsilon(1e-6));
    CHECK(found.at.x[1] == doctest::Approx(1.0).epsilon(1e-6));
    CHECK(found.evaluations < 70);
}

TEST_CASE("minimise: steps back from where the function is infinite") {
    // x² − ln x by a steep wall at 0: the minimum is at √½.
    const auto wall = [](Evaluated& at) {
        const double x = at.x[0];
        at.value = x > 0.0 ? 1.0 + x * x - std::log(x) : std::numeric_limits<double>::infinity();
        at.gradient = Vector::Constant(1, 2.0 * x - 1.0 / x);
    };
    const Minimum found = minimise(wall, Vector::Constant(1, 40.0), {1e-10, 100});
    CHECK(found.converged);
    CHECK(found.at.x[0] == doctest::Approx(std::sqrt(0.5)).epsilon(1e-9));
}

TEST_CASE("minimise: stops at the budget with the best point so far, and says so") {
    const Minimum found = minimise(rayleigh, Vector::Ones(30), {1e-12, 7});
    CHECK(found.evaluations == 7);
    CHECK(!found.converged);
    CHECK(found.at.value < 15.5);
}
