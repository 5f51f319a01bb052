#include "heddle/loops/preparation.hpp"

#include <doctest/doctest.h>

#include "heddle/core/error.hpp"
#include "heddle/linalg/eigenvalues.hpp"
#include "heddle/spectrum/closed_loop.hpp"
#include "support/examples.hpp"

using namespace heddle;

TEST_CASE("design_preparation: the slowest eigenvalues move left by the shift, the others stay") {
    const Matrix w = dense_weights(examples::network(100, 0));
    const Schur schur = real_schur(w);
    const Preparation preparation = design_preparation(schur, 20, 1.0, 0.15, 0.0);
    ComplexVector expected = eigenvalues(w);
    const Index count = preparation.loops.u.cols();
    CHECK((count == 20 || count == 21));
    expected.head(count).array() -= 1.0;
    sort_canonically(expected);
    const ComplexVector closed = closed_spectrum(w, preparation.loops);
    CHECK(distances(expected, closed).maxCoeff() < 1e-9);
    CHECK(preparation.slowest == doctest::Approx(spectral_abscissa(closed)));
}

TEST_CASE(
    "design_preparation: loop outputs are orthonormal, so the gain is the shift times √rank") {
    const Schur schur = real_schur(dense_weights(examples::network(60, 0)));
    const Preparation preparation = design_preparation(schur, 12, 1.5, 0.15, 0.0);
    const Index count = preparation.loops.u.cols();
    CHECK((preparation.loops.u.transpose() * preparation.loops.u - Matrix::Identity(count, count))
              .norm() < 1e-12);
    CHECK((preparation.loops.u * preparation.loops.v.transpose()).norm() ==
          doctest::Approx(1.5 * std::sqrt(static_cast<double>(count))));
}

TEST_CASE("design_preparation: an impossible rank is named") {
    const Schur schur = real_schur(dense_weights(examples::network(20, 0)));
    CHECK_THROWS_AS(static_cast<void>(design_preparation(schur, 0, 1.0, 0.1, 0.0)), DomainError);
    CHECK_THROWS_AS(static_cast<void>(design_preparation(schur, 21, 1.0, 0.1, 0.0)), DomainError);
}
