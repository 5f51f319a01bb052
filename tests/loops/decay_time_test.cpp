#include "heddle/loops/decay_time.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "heddle/core/error.hpp"
#include "heddle/linalg/exponential.hpp"
#include "support/examples.hpp"

using namespace heddle;

TEST_CASE("decay_times: a scalar decays as its exponential, fast or slowly") {
    for (const double rate : {20.0, 1.0, 1e-3})
        for (const double fraction : {0.5, 0.05, 0.01}) {
            const Matrix a = -rate * Matrix::Identity(3, 3);
            CHECK(decay_times(a, {fraction})[0] ==
                  doctest::Approx(-std::log(fraction) / rate).epsilon(1e-11));
        }
}

TEST_CASE("decay_times: the exponential at the time has the norm asked for") {
    const Matrix a =
        examples::random_matrix(80, 80, 1) / std::sqrt(80.0) - 1.4 * Matrix::Identity(80, 80);
    const std::vector<double> fractions{0.3, 0.05, 0.01};
    const std::vector<double> times = decay_times(a, fractions);
    for (std::size_t i = 0; i < 3; ++i) {
        const double norm = exponential(a * times[i]).norm() / std::sqrt(80.0);
        CHECK(norm == doctest::Approx(fractions[i]).epsilon(1e-6));
    }
}

TEST_CASE("decay_times: infinite without decay; fractions out of range are refused") {
    const Matrix a = -Matrix::Identity(2, 2);
    CHECK(std::isinf(decay_times(-a, {0.1})[0]));
    CHECK(std::isinf(decay_times(0.0 * a, {0.1})[0]));
    CHECK_THROWS_WITH_AS((void)decay_times(a, {1.0}), doctest::Contains("holds 1.0"), DomainError);
    CHECK_THROWS_AS((void)decay_times(a, {0.0}), DomainError);
    CHECK_THROWS_AS((void)decay_times(Matrix(0, 0), {0.1}), ShapeError);
    CHECK(decay_times(a, {}).empty());
}
