#include <doctest/doctest.h>

#include <array>
#include <limits>

#include "heddle/core/error.hpp"
#include "heddle/linalg/eigenvalues.hpp"
#include "heddle/linalg/exponential.hpp"
#include "matrices.hpp"

using namespace heddle;
using namespace heddle::matrices;

namespace {

/// The slow twin: Gauss and Legendre's rule with four nodes on each of many subintervals.
Matrix by_quadrature(const Matrix& a, const Matrix& intensity, double t, int pieces) {
    constexpr std::array<double, 4> nodes{-0.861136311594052575, -0.339981043584856265,
                                          0.339981043584856265, 0.861136311594052575};
    constexpr std::array<double, 4> weights{0.347854845137453857, 0.652145154862546143,
                                            0.652145154862546143, 0.347854845137453857};
    const double h = t / pieces;
    Matrix sum = Matrix::Zero(a.rows(), a.cols());
    for (int piece = 0; piece < pieces; ++piece) {
        for (std::size_t i = 0; i < 4; ++i) {
            const Matrix e = exponential((h * (piece + 0.5 + 0.5 * nodes[i])) * a);
            sum += 0.5 * h * weights[i] * e * intensity * e.transpose();
        }
    }
    return sum;
}

/// Van Loan's block exponential: exp([[−A, S], [0, Aᵀ]] t) holds e^{−A t} Q above e^{Aᵀ t}.
Matrix by_block_exponential(const Matrix& a, const Matrix& intensity, double t) {
    const Index n = a.rows();
    Matrix block = Matrix::Zero(2 * n, 2 * n);
    block << -a, intensity, Matrix::Zero(n, n), a.transpose();
    const Matrix e = exponential(t * block);
    return e.bottomRightCorner(n, n).transpose() * e.topRightCorner(n, n);
}

Matrix some_intensity(Index n, Index rank) {
    const Matrix root = gaussian(n, rank, 77);
    return root * root.transpose();
}

}  // namespace

TEST_CASE("noise_step: of the Ornstein–Uhlenbeck process is the closed form") {
    for (const double t : {1e-6, 0.3, 10.0, 1e4}) {
        const NoiseStep step =
            noise_step(Matrix::Constant(1, 1, -2.0), Matrix::Constant(1, 1, 3.0), t);
        CHECK(step.propagator(0, 0) == doctest::Approx(std::exp(-2 * t)).epsilon(1e-13));
        CHECK(step.covariance(0, 0) ==
              doctest::Approx(-3.0 / 4.0 * std::expm1(-4 * t)).epsilon(1e-14));
    }
}

TEST_CASE(
    "noise_step: of integrated white noise is t³/3, t²/2, t, to every digit however short the "
    "step") {
    Matrix a = Matrix::Zero(2, 2);
    a(0, 1) = 1.0;
    Matrix intensity = Matrix::Zero(2, 2);
    intensity(1, 1) = 1.0;
    for (const double t : {1e-5, 1e-2, 1.0, 7.0, 1e3}) {
        const Matrix q = noise_step(a, intensity, t).covariance;
        CHECK(q(0, 0) == doctest::Approx(t * t * t / 3).epsilon(1e-14));
        CHECK(q(0, 1) == doctest::Approx(t * t / 2).epsilon(1e-14));
        CHECK(q(1, 1) == doctest::Approx(t).epsilon(1e-14));
    }
}

TEST_CASE("noise_step: agrees with quadrature and with Van Loan's block exponential") {
    const Matrix a = weights(15) - identity(15);
    const Matrix intensity = some_intensity(15, 3);
    for (const double t : {0.05, 0.6, 3.0}) {
        const NoiseStep step = noise_step(a, intensity, t);
        CHECK(relative_error(step.covariance, by_quadrature(a, intensity, t, 60)) < 1e-13);
        CHECK(relative_error(step.covariance, by_block_exponential(a, intensity, t)) < 1e-12);
        CHECK(relative_error(step.propagator, exponential(t * a)) < 1e-14);
    }
}

TEST_CASE("noise_step: after a long time the covariance is the stationary one") {
    const Matrix a = weights(80) - 1.1 * identity(80);
    const Matrix intensity = some_intensity(80, 80);
    CHECK(relative_error(noise_step(a, intensity, 400.0).covariance, solve_lyapunov(a, intensity)) <
          1e-12);
}

TEST_CASE("noise_step: two steps make one, stable or not") {
    for (const double leak : {1.2, 0.2}) {
        const Matrix a = weights(40) - leak * identity(40);
        const Matrix intensity = some_intensity(40, 40);
        const NoiseStep first = noise_step(a, intensity, 0.8);
        const NoiseStep second = noise_step(a, intensity, 2.5);
        const Matrix both = second.covariance +
                            second.propagator * first.covariance * second.propagator.transpose();
        CHECK(relative_error(both, noise_step(a, intensity, 3.3).covariance) < 1e-13);
    }
}

TEST_CASE(
    "noise_step: the covariance is exactly symmetric and has no negative eigenvalue beyond "
    "rounding") {
    const Matrix a = weights(60) - identity(60);
    for (const double t : {0.01, 1.0, 50.0}) {
        const Matrix q = noise_step(a, some_intensity(60, 2), t).covariance;
        CHECK(q == q.transpose());
        const ComplexVector values = eigenvalues(q);
        CHECK(values.real().minCoeff() > -1e-14 * values.real().maxCoeff());
    }
}

TEST_CASE("noise_step: no time leaves everything as it is") {
    const NoiseStep step = noise_step(weights(5), some_intensity(5, 5), 0.0);
    CHECK(step.propagator == identity(5));
    CHECK(step.covariance == Matrix::Zero(5, 5));
    CHECK(noise_step(weights(5), Matrix::Zero(5, 5), 1.0).covariance == Matrix::Zero(5, 5));
}

TEST_CASE("noise_step: bad arguments are refused") {
    const Matrix a = weights(3);
    Matrix lopsided = identity(3);
    lopsided(0, 1) = 0.5;
    CHECK_THROWS_AS((void)noise_step(a, lopsided, 1.0), DomainError);
    CHECK_THROWS_AS((void)noise_step(a, identity(2), 1.0), ShapeError);
    CHECK_THROWS_AS((void)noise_step(a, identity(3), -1.0), DomainError);
    CHECK_THROWS_AS((void)noise_step(a, identity(3), std::numeric_limits<double>::infinity()),
                    DomainError);
    CHECK_THROWS_AS((void)noise_step(identity(3), identity(3), 1e4), DomainError);
    CHECK_THROWS_AS((void)noise_step(Matrix::Zero(3, 2), identity(3), 1.0), ShapeError);
}
