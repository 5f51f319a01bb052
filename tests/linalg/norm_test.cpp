#include <doctest/doctest.h>

#include <limits>

#include "heddle/core/error.hpp"
#include "matrices.hpp"

using namespace heddle;
using namespace heddle::matrices;

namespace {

/// U diag(sigma) Vᵀ with random orthogonal U and V.
Matrix with_singular_values(const Vector& sigma, Index rows, Index columns) {
    const Matrix u = rotation(rows, 5).leftCols(sigma.size());
    const Matrix v = rotation(columns, 6).leftCols(sigma.size());
    return u * sigma.asDiagonal() * v.transpose();
}

}  // namespace

TEST_CASE("singular_values: are those the matrix was built with, largest first") {
    const Vector sigma{{9.0, 4.0, 4.0, 1e-3}};
    CHECK((singular_values(with_singular_values(sigma, 7, 4)) - sigma).norm() < 1e-14 * 9);
    CHECK((singular_values(with_singular_values(sigma, 4, 9)) - sigma).norm() < 1e-14 * 9);
    const ComplexMatrix turned = Complex(0, 1) * with_singular_values(sigma, 7, 4);
    CHECK((singular_values(turned) - sigma).norm() < 1e-14 * 9);
    CHECK(singular_values(Matrix(0, 3)).size() == 0);
}

TEST_CASE("spectral_norm: is the largest singular value, of any shape and size") {
    const Index shapes[][2] = {{1, 1}, {5, 9}, {48, 60}, {60, 300}, {300, 60}, {200, 200}};
    for (const auto& [rows, columns] : shapes) {
        const Matrix a = gaussian(rows, columns);
        CHECK(spectral_norm(a) == doctest::Approx(singular_values(a)[0]).epsilon(1e-10));
    }
}

TEST_CASE("spectral_norm: nearly equal, equal and vanishing singular values do not mislead it") {
    const Index n = 120;
    CHECK(spectral_norm(identity(n)) == doctest::Approx(1.0).epsilon(1e-12));
    CHECK(spectral_norm(rotation(n)) == doctest::Approx(1.0).epsilon(1e-12));
    CHECK(spectral_norm(Matrix::Zero(n, n)) == 0.0);
    CHECK(spectral_norm(with_singular_values(Vector::Constant(1, 7.0), n, n)) ==
          doctest::Approx(7.0).epsilon(1e-12));
    for (const double gap : {1e-2, 1e-5, 1e-9}) {
        Vector sigma = Vector::LinSpaced(n, 1.0, 0.0);
        sigma[1] = 1.0 - gap;
        CHECK(spectral_norm(with_singular_values(sigma, n, n)) ==
              doctest::Approx(1.0).epsilon(1e-10));
    }
    // One value far out, the rest graded over ten decades.
    const Vector graded = pow(10.0, Vector::LinSpaced(n, 3, -7).array());
    CHECK(spectral_norm(with_singular_values(graded, n, n)) == doctest::Approx(1e3).epsilon(1e-10));
}

TEST_CASE("spectral_norm: the unit of A does not matter") {
    const Matrix a = gaussian(70, 70);
    for (const double unit : {1e-170, 1e-120, 1e120, 1e170}) {
        const double expected = unit * singular_values(a)[0];
        CHECK(spectral_norm(unit * a) == doctest::Approx(expected).epsilon(1e-10));
    }
}

TEST_CASE("spectral_norm_of_product: is the norm of the product") {
    const Index shapes[][3] = {{3, 4, 5}, {80, 80, 80}, {100, 5, 100}, {60, 200, 90}};
    for (const auto& [r, k, c] : shapes) {
        const Matrix a = gaussian(r, k);
        const Matrix b = gaussian(k, c, 2);
        const double expected = singular_values(Matrix(a * b))[0];
        CHECK(spectral_norm_of_product(a, b) == doctest::Approx(expected).epsilon(1e-10));
    }
    CHECK_THROWS_AS((void)spectral_norm_of_product(gaussian(3, 4), gaussian(3, 4)), ShapeError);
}

TEST_CASE("norms: the same call gives the same bits, and NaN is refused") {
    const Matrix a = gaussian(150, 150);
    CHECK(spectral_norm(a) == spectral_norm(a));
    const Matrix bad = Matrix::Constant(2, 2, std::numeric_limits<double>::quiet_NaN());
    CHECK_THROWS_AS((void)spectral_norm(bad), DomainError);
    CHECK_THROWS_AS((void)singular_values(bad), DomainError);
}
