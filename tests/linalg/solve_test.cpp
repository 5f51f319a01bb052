#include "heddle/linalg/solve.hpp"

#include <doctest/doctest.h>

#include <limits>

#include "heddle/core/error.hpp"
#include "matrices.hpp"

using namespace heddle;
using namespace heddle::matrices;

TEST_CASE("least_norm: V X = G, and V's rows lie in the span of X's columns") {
    for (const Index m : {1, 7, 50}) {
        const Matrix x = gaussian(50, m);
        const Matrix g = gaussian(3, m, 2);
        const LeastNorm least = least_norm(x, g);
        REQUIRE(least.v.rows() == 3);
        REQUIRE(least.v.cols() == 50);
        CHECK(relative_error(least.v * x, g) < 1e-11);
        const Matrix q = orthonormal(x);
        CHECK(relative_error(least.v * q * q.transpose(), least.v) < 1e-11);
    }
}

TEST_CASE("least_norm: any other V with V X = G is larger") {
    const Matrix x = gaussian(30, 6);
    const LeastNorm least = least_norm(x, gaussian(2, 6, 2));
    const Matrix q = orthonormal(x);
    for (std::uint64_t seed = 1; seed < 6; ++seed) {
        const Matrix other =
            least.v + 1e-3 * gaussian(2, 30, seed) * (identity(30) - q * q.transpose());
        CHECK(other.norm() > least.v.norm());
    }
}

TEST_CASE("least_norm: the units of X's columns change neither V nor the condition") {
    const Matrix x = gaussian(30, 5);
    const Matrix g = gaussian(2, 5, 2);
    const Vector units = Vector{{1e-200, 1e-3, 1.0, 1e50, 1e150}};
    const LeastNorm plain = least_norm(x, g);
    const LeastNorm scaled = least_norm(x * units.asDiagonal(), g * units.asDiagonal());
    CHECK(relative_error(scaled.v, plain.v) < 1e-14);
    CHECK(scaled.condition == doctest::Approx(plain.condition).epsilon(1e-12));
}

TEST_CASE("least_norm: the condition is σ_max / σ_min of X with unit columns") {
    const double angle = 1e-5;
    Matrix x = Matrix::Zero(4, 2);
    x(0, 0) = 3.0;
    x(0, 1) = 2.0 * std::cos(angle);
    x(1, 1) = 2.0 * std::sin(angle);
    CHECK(least_norm(x, Matrix::Ones(1, 2)).condition ==
          doctest::Approx(1 / std::tan(angle / 2)).epsilon(1e-9));
}

TEST_CASE("least_norm: dependent columns are an outcome when nearly so, an error when exactly so") {
    Matrix x = gaussian(20, 3);
    x.col(2) = x.col(0) + 1e-15 * x.col(1);
    CHECK(least_norm(x, Matrix::Ones(1, 3)).condition > 1e13);
    x.col(2).setZero();
    CHECK_THROWS_AS((void)least_norm(x, Matrix::Ones(1, 3)), DomainError);
    CHECK_THROWS_AS((void)least_norm(gaussian(3, 4), Matrix::Ones(1, 4)), ShapeError);
    CHECK_THROWS_AS((void)least_norm(gaussian(5, 4), Matrix::Ones(1, 3)), ShapeError);
}

TEST_CASE("least_squares: the residual is orthogonal to the columns of A") {
    for (const Index columns : {1, 5, 20}) {
        const Matrix a = gaussian(20, columns);
        const Matrix b = gaussian(20, 4, 3);
        const Matrix x = least_squares(a, b);
        CHECK((a.transpose() * (b - a * x)).norm() < 1e-12 * a.norm() * b.norm());
    }
}

TEST_CASE("least_squares: a line through points on a line is that line") {
    const Vector t = Vector::LinSpaced(9, 0, 4);
    Matrix a(9, 2);
    a << Vector::Ones(9), t;
    const Matrix x = least_squares(a, Vector((3.0 - 0.5 * t.array()).matrix()));
    CHECK((x - Vector{{3.0, -0.5}}).norm() < 1e-14);
}

TEST_CASE("least_squares: dependent columns are refused") {
    Matrix a = gaussian(9, 3);
    a.col(1) = 2.0 * a.col(0);
    CHECK_THROWS_AS((void)least_squares(a, Matrix::Ones(9, 1)), DomainError);
    CHECK_THROWS_AS((void)least_squares(gaussian(3, 5), Matrix::Ones(3, 1)), ShapeError);
    CHECK_THROWS_AS((void)least_squares(gaussian(5, 3), Matrix::Ones(4, 1)), ShapeError);
}

TEST_CASE("solve: A X = B to backward error 1e-14") {
    for (const Index n : {1, 2, 40, 150}) {
        const Matrix a = gaussian(n, n);
        const Matrix b = gaussian(n, 3, 4);
        const Matrix x = solve(a, b);
        CHECK((a * x - b).norm() < 1e-14 * a.norm() * x.norm());
    }
    CHECK(solve(Matrix(0, 0), Matrix(0, 2)).cols() == 2);
}

TEST_CASE("solve: a singular matrix is refused, an ill-conditioned one is not") {
    CHECK_THROWS_AS((void)solve(Matrix::Ones(3, 3), Matrix::Ones(3, 1)), DomainError);
    CHECK_THROWS_AS((void)solve(Matrix::Zero(3, 3), Matrix::Ones(3, 1)), DomainError);
    Matrix hard = identity(3);
    hard(2, 2) = 1e-14;
    CHECK(solve(hard, Matrix::Ones(3, 1))(2, 0) == doctest::Approx(1e14).epsilon(1e-14));
    CHECK_THROWS_AS((void)solve(gaussian(3, 2), Matrix::Ones(3, 1)), ShapeError);
    CHECK_THROWS_AS((void)solve(identity(3), Matrix::Ones(2, 1)), ShapeError);
    CHECK_THROWS_AS(
        (void)solve(Matrix::Constant(1, 1, std::numeric_limits<double>::quiet_NaN()), identity(1)),
        DomainError);
}

TEST_CASE("orthonormal: QᵀQ = 1, Q spans A's columns, and R = QᵀA has a positive diagonal") {
    for (const Index k : {1, 6, 25}) {
        const Matrix a = gaussian(25, k);
        const Matrix q = orthonormal(a);
        CHECK((q.transpose() * q - identity(k)).norm() < 1e-13);
        const Matrix r = q.transpose() * a;
        CHECK(relative_error(q * r, a) < 1e-13);
        CHECK(r.diagonal().minCoeff() > 0.0);
        CHECK(r.triangularView<Eigen::StrictlyLower>().toDenseMatrix().norm() < 1e-12);
    }
    CHECK_THROWS_AS((void)orthonormal(Matrix::Ones(5, 2)), DomainError);
    CHECK_THROWS_AS((void)orthonormal(Matrix::Zero(5, 1)), DomainError);
    CHECK_THROWS_AS((void)orthonormal(Matrix::Ones(2, 3)), ShapeError);
}
