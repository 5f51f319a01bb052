#include "heddle/spectrum/winding.hpp"

#include <doctest/doctest.h>

#include <vector>

#include "heddle/core/error.hpp"
#include "heddle/linalg/eigenvalues.hpp"
#include "heddle/linalg/resolvent.hpp"
#include "heddle/linalg/solve.hpp"
#include "support/examples.hpp"

using namespace heddle;

namespace {

Index right_of(double line, const ComplexVector& eigenvalues) {
    return (eigenvalues.real().array() > line).count();
}

}  // namespace

TEST_CASE("winding_number: counts zeros less poles of a rational function") {
    const std::vector<Complex> zeros = {
        {1.2, 0.0}, {1.3, 0.05}, {1.3, -0.05}, {0.4, 2.0}, {0.4, -2.0}};
    const std::vector<Complex> poles = {
        {0.1, 0.0}, {1.5, 0.7}, {1.5, -0.7}, {-1.0, 0.3}, {-1.0, -0.3}};
    const auto f = [&](Complex lambda) {
        Complex value = 1.0;
        for (std::size_t i = 0; i < zeros.size(); ++i)
            value *= (lambda - zeros[i]) / (lambda - poles[i]);
        return value;
    };
    CHECK(winding_number(f, 2.0).number == 0);
    CHECK(winding_number(f, 1.4).number == -2);
    CHECK(winding_number(f, 1.25).number == 0);
    CHECK(winding_number(f, 1.0).number == 1);
    CHECK(winding_number(f, 0.2).number == 3);
    CHECK(winding_number(f, -3.0).number == 0);
}

TEST_CASE("winding_number: counts what loops add beyond a line (slow twin: all eigenvalues)") {
    const Index n = 60;
    for (const std::uint64_t seed : {1, 2, 3, 4}) {
        const Matrix w = examples::random_matrix(n, n, seed) * (0.8 / std::sqrt(n));
        const Matrix u = examples::random_matrix(n, 3, seed + 10) / std::sqrt(n);
        const Matrix v = 2.0 * examples::random_matrix(n, 3, seed + 20) / std::sqrt(n);
        const Resolvent resolvent(w);
        const auto f = [&](Complex lambda) {
            const ComplexMatrix x = resolvent.solve_each(ComplexVector::Constant(1, lambda), u);
            return determinant(ComplexMatrix::Identity(3, 3) - v.transpose() * x);
        };
        const ComplexVector open = eigenvalues(w);
        const ComplexVector closed = eigenvalues(w + u * v.transpose());
        for (const double line : {0.3, 0.6, 0.9, 1.1, 1.5}) {
            const Winding winding = winding_number(f, line);
            CHECK(winding.number == right_of(line, closed) - right_of(line, open));
            CHECK(winding.largest_turn < M_PI / 4);
        }
    }
}

TEST_CASE("winding_number: a zero on the line is refused") {
    const auto f = [](Complex lambda) { return (lambda - 1.0) / (lambda + 1.0); };
    CHECK_THROWS_AS((void)winding_number(f, 1.0), NotConverged);
    CHECK_THROWS_AS((void)winding_number(f, 0.5, 0.0), DomainError);
    CHECK_THROWS_AS((void)winding_number([](Complex) { return Complex(2.0); }, 0.5), NotConverged);
}
