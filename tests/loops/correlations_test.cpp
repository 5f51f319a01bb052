#include "loops/correlations.hpp"

#include <doctest/doctest.h>

#include "heddle/linalg/eigenvalues.hpp"
#include "support/examples.hpp"

using namespace heddle;

TEST_CASE("correlation_factor: F Fᵀ is the kernel to working precision, at a rank far below n") {
    const HalfSet set =
        half_of(eigenvalues(examples::random_matrix(200, 200, 1) / std::sqrt(200.0)));
    const ComplexVector rates = set.values.array() - 1.0;
    const double t = 60.0;
    const Matrix factor = correlation_factor(rates, set.layout, t);
    const ComplexVector all = full_of(rates, set.layout);
    ComplexMatrix kernel(rates.size(), all.size());
    for (Index i = 0; i < kernel.rows(); ++i)
        for (Index j = 0; j < kernel.cols(); ++j) {
            const Complex sum = rates(i) + all(j);
            kernel(i, j) = (std::exp(sum * t) - 1.0) / sum;
        }
    Matrix wanted = real_form(kernel, set.layout, set.layout);
    flip_rows(wanted, set.layout);
    CHECK((factor * factor.transpose() - wanted).norm() < 1e-14 * wanted.norm());
    CHECK(factor.cols() < 120);
    MESSAGE("rank " << factor.cols() << " of 200");
}

TEST_CASE("relative_growth: (e^z − 1) / z keeps its digits near zero (closed form)") {
    CHECK(relative_growth(0.0) == Complex(1.0));
    for (const Complex z : {Complex(1e-9, 2e-9), Complex(-1e-5, 1e-5), Complex(0.0, 1e-4)}) {
        const Complex series = 1.0 + z / 2.0 * (1.0 + z / 3.0 * (1.0 + z / 4.0 * (1.0 + z / 5.0)));
        CHECK(std::abs(relative_growth(z) - series) < 4e-16);
    }
    const Complex z(-2.0, 3.0);
    CHECK(std::abs(relative_growth(z) - (std::exp(z) - 1.0) / z) < 1e-15);
}
