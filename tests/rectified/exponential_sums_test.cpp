#include "heddle/rectified/exponential_sums.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <numbers>

#include "heddle/core/error.hpp"
#include "support/examples.hpp"

using namespace heddle;

TEST_CASE("extrema: a damped cosine has its first minimum where calculus puts it (closed form)") {
    const ExponentialSums sums{Vector::Constant(1, 0.5), ComplexMatrix::Constant(1, 1, 2.0),
                               ComplexVector::Constant(1, Complex(-0.3, 2.0))};
    const SumExtrema found = extrema(sums, 10.0);
    // d/dt e^{-0.3 t} cos 2t = 0 at tan 2t = −0.15
    const double t = 0.5 * (std::numbers::pi - std::atan(0.15));
    const double least = 0.5 + 2.0 * std::exp(-0.3 * t) * std::cos(2.0 * t);
    CHECK(found.least[0] == doctest::Approx(least).epsilon(1e-6));
    CHECK(found.lower_bound[0] <= least);
    CHECK(found.lower_bound[0] > least - 1e-5);
    CHECK(found.most[0] == 2.5);
    CHECK(found.upper_bound[0] >= 2.5);
}

TEST_CASE(
    "extrema: no sample passes the bounds, and they are attained to the tolerance (slow twin)") {
    const Index q = 9, k = 20;
    ExponentialSums sums{examples::random_matrix(k, 1, 1), ComplexMatrix(k, q), ComplexVector(q)};
    sums.coefficients.real() = examples::random_matrix(k, q, 2);
    sums.coefficients.imag() = examples::random_matrix(k, q, 3);
    sums.rates.real() = examples::random_matrix(q, 1, 4);  // some grow
    sums.rates.imag() = 20.0 * examples::random_matrix(q, 1, 5);
    const SumExtrema found = extrema(sums, 2.0, 1e-7);
    Vector least = Vector::Constant(k, 1e300), most = -least;
    for (Index i = 0; i <= 20000; ++i) {
        const double t = 1e-4 * static_cast<double>(i);
        const ComplexVector waves = (sums.rates * t).array().exp();
        const Vector y = sums.constant + (sums.coefficients * waves).real();
        least = least.cwiseMin(y);
        most = most.cwiseMax(y);
    }
    CHECK((found.lower_bound.array() <= least.array()).all());
    CHECK((found.upper_bound.array() >= most.array()).all());
    CHECK((found.least - least).cwiseAbs().maxCoeff() < 1e-3);
    CHECK((found.upper_bound - found.most).maxCoeff() < 1e-5);
}

TEST_CASE("extrema: constants and intervals of no length are their own extrema (limit case)") {
    const ExponentialSums constants{Vector::Constant(2, 3.0), ComplexMatrix(2, 0),
                                    ComplexVector(0)};
    CHECK(extrema(constants, 1.0).most[1] == 3.0);
    const ExponentialSums wave{Vector::Zero(1), ComplexMatrix::Ones(1, 1), ComplexVector::Ones(1)};
    CHECK(extrema(wave, 0.0).least[0] == 1.0);
    CHECK_THROWS_AS((void)extrema(wave, -1.0), DomainError);
}
