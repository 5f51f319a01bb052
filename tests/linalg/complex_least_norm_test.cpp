#include <doctest/doctest.h>

#include <limits>

#include "heddle/core/error.hpp"
#include "matrices.hpp"

using namespace heddle;
using namespace heddle::matrices;

TEST_CASE("complex_least_norm: A x = b, x orthogonal to the null space, which A annihilates") {
    for (const Index r : {1, 2, 4, 6}) {
        const ComplexMatrix a = complex_gaussian(r, 6);
        const ComplexVector b = complex_gaussian(r, 1, 3);
        const ComplexLeastNorm least = complex_least_norm(a, b);
        CHECK((a * least.solution - b).norm() < 1e-13 * b.norm());
        REQUIRE(least.null_space.cols() == 6 - r);
        CHECK((a * least.null_space).norm() < 1e-13);
        CHECK((least.null_space.adjoint() * least.solution).norm() < 1e-13);
        CHECK(
            (least.null_space.adjoint() * least.null_space - ComplexMatrix::Identity(6 - r, 6 - r))
                .norm() < 1e-13);
    }
}

TEST_CASE("complex_least_norm: for one equation it is Aᴴ b / |A|²") {
    const ComplexMatrix a = complex_gaussian(1, 5);
    const ComplexVector b = ComplexVector::Constant(1, Complex(2, -1));
    const ComplexLeastNorm least = complex_least_norm(a, b);
    CHECK((least.solution - a.adjoint() * b / a.squaredNorm()).norm() < 1e-14);
    CHECK(least.condition == doctest::Approx(1.0));
}

TEST_CASE("complex_least_norm: a repeated equation lowers the rank and the condition says so") {
    ComplexMatrix a = complex_gaussian(2, 4);
    a.row(1) = Complex(0, 2) * a.row(0);
    const ComplexVector b{{Complex(1, 0), Complex(0, 2)}};
    const ComplexLeastNorm least = complex_least_norm(a, b);
    CHECK(least.null_space.cols() == 3);
    CHECK(least.condition > 1e14);
    CHECK((a * least.solution - b).norm() < 1e-13);
    const ComplexLeastNorm none =
        complex_least_norm(ComplexMatrix::Zero(1, 2), ComplexVector::Ones(1));
    CHECK(none.solution.norm() == 0.0);
    CHECK(none.null_space.cols() == 2);
    CHECK(none.condition == std::numeric_limits<double>::infinity());
}

TEST_CASE("complex_least_norm: wrong shapes are refused") {
    CHECK_THROWS_AS((void)complex_least_norm(ComplexMatrix::Ones(2, 3), ComplexVector::Ones(3)),
                    ShapeError);
    CHECK_THROWS_AS((void)complex_least_norm(ComplexMatrix(0, 3), ComplexVector(0)), ShapeError);
}
