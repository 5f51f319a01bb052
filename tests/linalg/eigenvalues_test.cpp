#include "heddle/linalg/eigenvalues.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <limits>
#include <numbers>
#include <vector>

#include "heddle/core/error.hpp"
#include "matrices.hpp"

using namespace heddle;
using namespace heddle::matrices;

namespace {

ComplexVector list(std::initializer_list<Complex> values) {
    ComplexVector v(static_cast<Index>(values.size()));
    std::copy(values.begin(), values.end(), v.begin());
    return v;
}

}  // namespace

TEST_CASE(
    "eigenvalues: of a circulant matrix are the discrete Fourier transform of its first column") {
    const Index n = 12;
    const Matrix column = gaussian(n, 1);
    Matrix a(n, n);
    for (Index i = 0; i < n; ++i) {
        for (Index j = 0; j < n; ++j) a(i, j) = column((i - j + n) % n);
    }
    ComplexVector expected = ComplexVector::Zero(n);
    for (Index k = 0; k < n; ++k) {
        for (Index j = 0; j < n; ++j) {
            const auto phase = static_cast<double>(j * k) / static_cast<double>(n);
            expected[k] += column(j) * std::polar(1.0, -2.0 * std::numbers::pi * phase);
        }
    }
    for (Complex& value : expected) {
        if (std::abs(value.imag()) < 1e-12) value = value.real();
    }
    sort_canonically(expected);
    CHECK((eigenvalues(a) - expected).norm() < 1e-13);
}

TEST_CASE("eigenvalues: pairs stand side by side, exactly conjugate, the upper one first") {
    const ComplexVector values = eigenvalues(weights(101));
    Index pairs = 0;
    for (Index i = 0; i < values.size(); ++i) {
        if (values[i].imag() == 0.0) continue;
        REQUIRE(values[i].imag() > 0.0);
        REQUIRE(i + 1 < values.size());
        CHECK(values[i + 1] == std::conj(values[i]));
        ++i;
        ++pairs;
    }
    CHECK(pairs > 30);
}

TEST_CASE("eigenvalues: noise in the last bits does not change their order") {
    const Matrix q = rotation(11);
    // Equal real parts: only the tolerance keeps the order.
    const Matrix blocks =
        block_diagonal({pair_block(1, 0.7), pair_block(0.5, 0.2), pair_block(1, 0.3),
                        pair_block(1, 0.5), Matrix::Ones(1, 1), pair_block(0.5, 0.1)});
    const ComplexVector expected = list({1,
                                         {1, .3},
                                         {1, -.3},
                                         {1, .5},
                                         {1, -.5},
                                         {1, .7},
                                         {1, -.7},
                                         {.5, .1},
                                         {.5, -.1},
                                         {.5, .2},
                                         {.5, -.2}});
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        const Matrix noise = 1e-15 * gaussian(11, 11, seed + 50);
        CHECK((eigenvalues(q * blocks * q.transpose() + noise) - expected).norm() < 1e-13);
    }
}

TEST_CASE(
    "sort_canonically: any order of the values gives the same result, double pairs included") {
    const ComplexVector sorted = list({{2, 0},
                                       {1, 1},
                                       {1, -1},
                                       {1, 1},
                                       {1, -1},
                                       {0.5, 0},
                                       {0.5, 2},
                                       {0.5, -2},
                                       {-3, 4},
                                       {-3, -4}});
    ComplexVector shuffled = sorted;
    const Random random(9);
    for (std::uint64_t round = 0; round < 50; ++round) {
        for (Index i = shuffled.size() - 1; i > 0; --i) {
            const auto draw = random.integer(round * 10 + static_cast<std::uint64_t>(i));
            std::swap(shuffled[i],
                      shuffled[static_cast<Index>(draw % static_cast<std::uint64_t>(i + 1))]);
        }
        ComplexVector again = shuffled;
        sort_canonically(again);
        CHECK(again == sorted);
    }
}

TEST_CASE("eigenvalues: their sum is the trace, and those of the inverse are their inverses") {
    const Matrix a = identity(40) + weights(40, 0.5);
    const ComplexVector values = eigenvalues(a);
    CHECK(std::abs(values.sum() - a.trace()) < 1e-12);
    ComplexVector inverted = eigenvalues(solve(a, identity(40))).cwiseInverse();
    sort_canonically(inverted);
    CHECK((inverted - values).cwiseAbs().maxCoeff() < 1e-12);
}

TEST_CASE("spectral abscissa and radius: largest real part and modulus") {
    const ComplexVector values = list({{0.5, 0.1}, {0.5, -0.1}, {-2, 1}, {-2, -1}});
    CHECK(spectral_abscissa(values) == 0.5);
    CHECK(spectral_radius(values) == doctest::Approx(std::sqrt(5.0)).epsilon(1e-15));
    CHECK_THROWS_AS((void)spectral_abscissa(ComplexVector()), ShapeError);
    CHECK_THROWS_AS((void)spectral_radius(ComplexVector()), ShapeError);
}

TEST_CASE("eigenvalues: what is not square or not finite is refused") {
    CHECK_THROWS_WITH_AS((void)eigenvalues(Matrix::Zero(2, 3)),
                         "a has shape 2 × 3; expected a square matrix.", ShapeError);
    Matrix a = Matrix::Zero(2, 2);
    a(0, 1) = std::numeric_limits<double>::quiet_NaN();
    CHECK_THROWS_AS((void)eigenvalues(a), DomainError);
    CHECK(eigenvalues(Matrix(0, 0)).size() == 0);
}
