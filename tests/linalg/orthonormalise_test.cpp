#include "linalg/orthonormalise.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "heddle/core/error.hpp"
#include "heddle/linalg/solve.hpp"
#include "support/examples.hpp"

using namespace heddle;

TEST_CASE("orthonormalise: QᵀQ = 1 whatever the condition, and Q is Householder's (slow twin)") {
    for (const double smallest : {1.0, 1e-6, 1e-9, 1e-13}) {
        Matrix a = examples::random_matrix(60, 8, 1);
        a.col(7) = a.col(0) + smallest * a.col(7);
        const Matrix expected = orthonormal(a);
        const Orthonormalised found = orthonormalise(a);
        CHECK((a.transpose() * a - Matrix::Identity(8, 8)).norm() < 1e-14);
        CHECK(found.householder == (smallest < 1e-7));
        CHECK((a - expected).norm() < 1e-14 / smallest);
    }
}

TEST_CASE("orthonormalise: a dependent column has log R_jj = −∞ (limit case)") {
    Matrix a = examples::random_matrix(20, 3, 1);
    a.col(1) = 2.0 * a.col(0);
    const Orthonormalised found = orthonormalise(a);
    CHECK(std::isinf(found.log_diagonal[1]));
    CHECK(std::isfinite(found.log_diagonal[2]));
    CHECK((a.transpose() * a - Matrix::Identity(3, 3)).norm() < 1e-14);
}

TEST_CASE("orthonormalise: refuses NaN") {
    Matrix a = Matrix::Constant(3, 2, NAN);
    CHECK_THROWS_AS(static_cast<void>(orthonormalise(a)), DomainError);
}
