#include "heddle/linalg/krylov.hpp"

#include <doctest/doctest.h>

#include "heddle/core/error.hpp"
#include "heddle/linalg/resolvent.hpp"
#include "linalg/matrices.hpp"

using namespace heddle;
using namespace heddle::matrices;

namespace {

LinearMap product_with(const Matrix& a) {
    return [&a](const Vector& x, Vector& y) { y.noalias() = a * x; };
}

ComplexVector around(double radius, Index count) {
    ComplexVector shifts(count);
    for (Index i = 0; i < count; ++i) shifts(i) = std::polar(radius, 0.3 * static_cast<double>(i));
    return shifts;
}

}  // namespace

TEST_CASE("KrylovSpace: solves every shift as the dense resolvent does (slow twin)") {
    const Index n = 300;
    const Matrix a = 0.7 * weights(n);
    const Vector b = gaussian(n, 1);
    const ComplexVector shifts = around(1.1, 7);
    const KrylovSpace space(product_with(a), b, shifts);
    CHECK(space.steps() < 120);
    const ComplexMatrix x = space.solve(shifts);
    const ComplexMatrix dense = Resolvent(a).solve_each(shifts, b);
    CHECK(relative_error(x, dense) < 1e-9);
}

TEST_CASE("KrylovSpace: the residuals it reports are those of its solutions") {
    const Index n = 200;
    const Matrix a = 0.6 * weights(n);
    const Vector b = gaussian(n, 1);
    const ComplexVector shifts = around(1.0, 5);
    const KrylovSpace space(product_with(a), b, shifts, {.tolerance = 1e-5});
    const ComplexMatrix x = space.solve(shifts);
    const Vector reported = space.residuals(shifts);
    for (Index i = 0; i < shifts.size(); ++i) {
        const ComplexVector residual = b.cast<Complex>() - shifts(i) * x.col(i) + a * x.col(i);
        CHECK(reported(i) <= 1e-5);
        CHECK(std::abs(residual.norm() / b.norm() - reported(i)) < 1e-3 * reported(i) + 1e-14);
    }
}

TEST_CASE("KrylovSpace: inner products need no long vector") {
    const Index n = 150;
    const Matrix a = 0.6 * weights(n);
    const Matrix l = gaussian(n, 3);
    const ComplexVector shifts = around(1.0, 5);
    const KrylovSpace space(product_with(a), gaussian(n, 1), shifts);
    const KrylovSpace::Observation seen = space.observe(space.project(l), shifts);
    CHECK((seen.residuals - space.residuals(shifts)).norm() == 0.0);
    CHECK(relative_error(seen.values, l.transpose() * space.solve(shifts)) < 1e-12);
}

TEST_CASE("KrylovSpace: a small matrix is spanned completely, and then every shift is exact") {
    const Matrix a = weights(12);
    const ComplexVector shifts = around(0.37, 4);  // Inside the spectrum.
    const KrylovSpace space(product_with(a), gaussian(12, 1), shifts);
    CHECK(space.steps() <= 12);
    CHECK(space.residuals(shifts).maxCoeff() < 1e-11);
}

TEST_CASE("KrylovSpace: shifts that it cannot reach are named with what was reached") {
    const Matrix a = weights(400);
    const ComplexVector inside = around(0.5, 2);
    CHECK_THROWS_AS(KrylovSpace(product_with(a), gaussian(400, 1), inside, {.most_steps = 60}),
                    NotConverged);
    CHECK_THROWS_AS(KrylovSpace(product_with(a), Vector::Zero(400), inside), DomainError);
}
