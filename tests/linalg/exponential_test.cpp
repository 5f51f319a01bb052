#include "heddle/linalg/exponential.hpp"

#include <doctest/doctest.h>

#include <limits>

#include "heddle/core/error.hpp"
#include "matrices.hpp"

using namespace heddle;
using namespace heddle::matrices;

namespace {

using LongMatrix = Eigen::Matrix<long double, Eigen::Dynamic, Eigen::Dynamic>;

/// The slow twin: Taylor's series in extended precision after enough halvings.
Matrix by_taylor(const Matrix& a) {
    int halvings = 0;
    while (std::ldexp(a.norm(), -halvings) > 0.25) ++halvings;
    const LongMatrix scaled = a.cast<long double>() * std::ldexp(1.0L, -halvings);
    LongMatrix term = LongMatrix::Identity(a.rows(), a.cols());
    LongMatrix sum = term;
    for (int j = 1; j <= 24; ++j) {
        term = (term * scaled / static_cast<long double>(j)).eval();
        sum += term;
    }
    for (int i = 0; i < halvings; ++i) sum = (sum * sum).eval();
    return sum.cast<double>();
}

}  // namespace

TEST_CASE("exponential: agrees with the extended-precision Taylor series at every size of A") {
    for (const Index n : {1, 2, 5, 12, 30}) {
        // The norms visit every degree of the approximant, then the squarings.
        for (const double size :
             {1e-12, 1e-3, 0.01, 0.1, 0.2, 0.5, 0.9, 1.5, 2.0, 3.0, 5.0, 20.0}) {
            const Matrix direction = gaussian(n, n, static_cast<std::uint64_t>(n));
            const Matrix a = size / direction.cwiseAbs().colwise().sum().maxCoeff() * direction;
            CHECK(relative_error(exponential(a), by_taylor(a)) < 2e-14);
        }
    }
}

TEST_CASE("exponential: of a rotation generator is the rotation") {
    for (const double angle : {1e-3, 1.0, 30.0, 1000.0}) {
        const Matrix result = exponential(pair_block(-0.1, angle));
        const double size = std::exp(-0.1);
        Matrix expected(2, 2);
        expected << std::cos(angle), std::sin(angle), -std::sin(angle), std::cos(angle);
        CHECK((result - size * expected).norm() < 1e-15 * (10 + angle));
    }
}

TEST_CASE("exponential: of a Jordan block has e^λ t^k / k! on its k-th diagonal") {
    const Index n = 10;
    for (const double t : {0.1, 1.0, 8.0}) {
        const Matrix result = exponential(t * jordan_block(n, -0.5));
        double expected = std::exp(-0.5 * t);
        for (Index k = 0; k < n; ++k) {
            if (k > 0) expected *= t / static_cast<double>(k);
            CHECK((result.diagonal(k).array() - expected).abs().maxCoeff() < 2e-15 * result.norm());
        }
    }
}

TEST_CASE("exponential: a large off-diagonal entry costs no digits (no overscaling)") {
    for (const double coupling : {1e3, 1e6, 1e9}) {
        Matrix a(2, 2);
        a << 1, coupling, 0, -1;
        Matrix expected(2, 2);
        expected << std::exp(1.0), coupling * std::sinh(1.0), 0, std::exp(-1.0);
        const Matrix result = exponential(a);
        CHECK(result(1, 0) == 0.0);
        CHECK(std::abs(result(0, 0) / expected(0, 0) - 1) < 1e-14);
        CHECK(std::abs(result(0, 1) / expected(0, 1) - 1) < 1e-14);
        CHECK(std::abs(result(1, 1) / expected(1, 1) - 1) < 1e-14);
    }
}

TEST_CASE("exponential: of a nilpotent matrix is a polynomial, whatever the norm") {
    Matrix a = Matrix::Zero(3, 3);
    a(0, 1) = 1e8;
    a(1, 2) = 3e-4;
    const Matrix expected = identity(3) + a + 0.5 * a * a;
    const Matrix result = exponential(a);
    CHECK((result - expected).cwiseAbs().maxCoeff() < 1e-14 * 1e8);
    CHECK(result(0, 2) == doctest::Approx(expected(0, 2)).epsilon(1e-14));
}

TEST_CASE("exponential: e^A e^{-A} = 1, e^{(s+t) A} = e^{s A} e^{t A}, det e^A = e^{tr A}") {
    const Matrix a = weights(100, 1.0) - 0.3 * identity(100);
    CHECK((exponential(a) * exponential(-a) - identity(100)).norm() < 1e-12);
    CHECK(relative_error(exponential(0.7 * a) * exponential(2.3 * a), exponential(3.0 * a)) <
          1e-13);
    const Matrix small = gaussian(4, 4);
    const Vector sigma = singular_values(exponential(small));
    CHECK(sigma.prod() == doctest::Approx(std::exp(small.trace())).epsilon(1e-12));
}

TEST_CASE("exponential: is the limit of (1 + A / m)^m") {
    const Matrix a = weights(20);
    const Matrix exact = exponential(a);
    const auto error = [&](double m) {
        return (power(identity(20) + a / m, static_cast<Index>(m)) - exact).norm();
    };
    // First order: ten times as many factors leave a tenth of the error.
    CHECK(error(1e4) / error(1e3) == doctest::Approx(0.1).epsilon(0.02));
}

TEST_CASE("exponential: norms beyond the reach of their tenth power are no obstacle") {
    CHECK(exponential(-1e300 * identity(2)) == Matrix::Zero(2, 2));
    CHECK(exponential(Matrix::Zero(3, 3)) == identity(3));
    CHECK(exponential(1e-300 * Matrix::Ones(3, 3)).isApprox(identity(3), 1e-15));
    CHECK(exponential(Matrix(0, 0)).size() == 0);
}

TEST_CASE("exponential: what cannot be represented or is not a matrix is refused") {
    CHECK_THROWS_AS((void)exponential(1000.0 * identity(2)), DomainError);
    CHECK_THROWS_AS((void)exponential(1e300 * identity(2)), DomainError);
    CHECK_THROWS_AS(
        (void)exponential(Matrix::Constant(2, 2, std::numeric_limits<double>::infinity())),
        DomainError);
    CHECK_THROWS_AS((void)exponential(Matrix::Zero(2, 1)), ShapeError);
}

TEST_CASE("power: repeated squaring is repeated multiplication") {
    const Matrix a = weights(15);
    Matrix expected = identity(15);
    for (Index p = 0; p <= 20; ++p) {
        CHECK((power(a, p) - expected).norm() <= 1e-13 * expected.norm());
        expected = (expected * a).eval();
    }
    CHECK_THROWS_AS((void)power(a, -1), DomainError);
    CHECK_THROWS_AS((void)power(Matrix::Zero(1, 2), 2), ShapeError);
}
