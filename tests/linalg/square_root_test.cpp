#include <doctest/doctest.h>

#include <limits>

#include "heddle/core/error.hpp"
#include "matrices.hpp"

using namespace heddle;
using namespace heddle::matrices;

TEST_CASE("square_root: L Lᵀ is the covariance to 1e-13, of full or deficient rank") {
    for (const Index rank : {1, 5, 39, 40, 60}) {
        const Matrix factor = gaussian(40, rank);
        const Matrix covariance = factor * factor.transpose();
        const Matrix root = square_root(covariance);
        CHECK(relative_error(root * root.transpose(), covariance) < 1e-13);
    }
    CHECK(square_root(Matrix::Zero(3, 3)) == Matrix::Zero(3, 3));
    CHECK(square_root(Matrix(0, 0)).size() == 0);
}

TEST_CASE(
    "square_root: rounding below zero counts as zero, a truly negative eigenvalue is refused") {
    const Matrix q = rotation(6);
    const Vector rounded{{1.0, 0.5, 0.1, 0.0, -1e-16, -1e-15}};
    const Matrix covariance = q * rounded.asDiagonal() * q.transpose();
    const Matrix symmetric = 0.5 * (covariance + covariance.transpose());
    const Matrix root = square_root(symmetric);
    CHECK(root.allFinite());
    CHECK(relative_error(root * root.transpose(), symmetric) < 1e-13);
    CHECK_THROWS_AS((void)square_root(-identity(2)), DomainError);
    CHECK_THROWS_AS((void)square_root(Matrix(Vector{{1.0, -1e-3}}.asDiagonal())), DomainError);
}

TEST_CASE("square_root: what is not symmetric, square or finite is refused") {
    Matrix lopsided = identity(2);
    lopsided(0, 1) = 0.1;
    CHECK_THROWS_AS((void)square_root(lopsided), DomainError);
    CHECK_THROWS_AS((void)square_root(Matrix::Zero(2, 3)), ShapeError);
    CHECK_THROWS_AS(
        (void)square_root(Matrix::Constant(2, 2, std::numeric_limits<double>::quiet_NaN())),
        DomainError);
}
