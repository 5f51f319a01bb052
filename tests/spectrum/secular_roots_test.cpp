#include "spectrum/secular_roots.hpp"

#include <doctest/doctest.h>

#include "heddle/core/error.hpp"
#include "heddle/linalg/eigenvalues.hpp"
#include "heddle/spectrum/closed_loop.hpp"
#include "support/examples.hpp"

using namespace heddle;

namespace {

/// Poles of a random matrix and strengths of a random loop of the given size.
struct Poles {
    HalfSet set;
    ComplexVector strengths;
};

Poles random_poles(Index n, double size) {
    Poles poles{
        half_of(eigenvalues(examples::random_matrix(n, n, 3) / std::sqrt(static_cast<double>(n)))),
        {}};
    const Vector parts = size * examples::random_matrix(n, 1, 4);
    poles.strengths = half_of_real(parts, poles.set.layout);
    return poles;
}

/// K (D + 1 dᵀ) Kᴴ written down plainly.
Matrix plain(const Poles& poles) {
    const ComplexVector all = full_of(poles.set.values, poles.set.layout);
    const ComplexVector d = full_of(poles.strengths, poles.set.layout);
    ComplexMatrix matrix = ComplexVector::Ones(all.size()) * d.transpose();
    matrix.diagonal() += all;
    return real_form(matrix.topRows(poles.set.layout.half()), poles.set.layout, poles.set.layout);
}

}  // namespace

TEST_CASE("secular_roots: the roots are the eigenvalues of D + 1 dᵀ (slow twin)") {
    for (const double size : {1e-9, 1e-3, 0.3, 5.0}) {
        const Poles poles = random_poles(25, size);
        const SecularRoots roots =
            secular_roots(poles.set.values, poles.strengths, poles.set.layout);
        const ComplexVector found = full_of(roots.values, roots.layout);
        CHECK(roots.layout.full() == 25);
        CHECK(distances(found, eigenvalues(plain(poles))).maxCoeff() < 1e-12);
    }
}

TEST_CASE(
    "secular_roots: a pole without strength does not move, by not a single bit (limit case)") {
    Poles poles = random_poles(20, 0.2);
    const Index still = poles.set.layout.real + 1;
    poles.strengths(still) = 0.0;
    poles.strengths(0) = 0.0;
    const SecularRoots roots = secular_roots(poles.set.values, poles.strengths, poles.set.layout);
    for (const Index pole : {Index{0}, still})
        CHECK((roots.values.array() == poles.set.values(pole)).count() == 1);
    const CauchyVectors vectors =
        cauchy_vectors(roots, poles.set.values, poles.strengths, poles.set.layout);
    CHECK(vectors.columns.allFinite());
    CHECK(vectors.rows.allFinite());
}

TEST_CASE("secular_roots: a shift far below the rounding of its pole keeps its digits") {
    // To first order δ_j = d_j; the next order is |d|² / gap.
    const Poles poles = random_poles(25, 1e-22);
    const SecularRoots roots = secular_roots(poles.set.values, poles.strengths, poles.set.layout);
    for (Index i = 0; i < roots.shift.size(); ++i) {
        const Complex d = poles.strengths(roots.pole[static_cast<std::size_t>(i)]);
        CHECK(std::abs(roots.shift(i) - d) < 1e-14 * std::abs(d));
    }
}

TEST_CASE("cauchy_vectors: Z C = 1 and (D + 1 dᵀ) C = C Λ′ (residual identities)") {
    for (const double zero : {0.0, 1.0}) {
        Poles poles = random_poles(30, 0.3);
        poles.strengths(0) *= zero;
        const PairLayout layout = poles.set.layout;
        const SecularRoots roots = secular_roots(poles.set.values, poles.strengths, layout);
        const CauchyVectors vectors =
            cauchy_vectors(roots, poles.set.values, poles.strengths, layout);
        const Index m = roots.layout.half();
        const double size = vectors.rows.norm() * vectors.columns.norm();
        CHECK((vectors.rows * vectors.columns - ComplexMatrix::Identity(m, m)).norm() <
              1e-13 * size);
        const ComplexVector all = full_of(poles.set.values, layout);
        const ComplexVector d = full_of(poles.strengths, layout);
        const ComplexMatrix image =
            all.asDiagonal() * vectors.columns +
            ComplexVector::Ones(all.size()) * (d.transpose() * vectors.columns);
        CHECK((image - vectors.columns * roots.values.asDiagonal()).norm() <
              1e-12 * vectors.columns.norm());
    }
}

TEST_CASE(
    "cauchy_vectors: those of a real root are closed under conjugation, whatever pole is near") {
    Index odd = 0;
    for (const Index n : {20, 21, 40, 60}) {
        const Poles poles = random_poles(n, 0.5);
        const PairLayout layout = poles.set.layout;
        const SecularRoots roots = secular_roots(poles.set.values, poles.strengths, layout);
        const CauchyVectors vectors =
            cauchy_vectors(roots, poles.set.values, poles.strengths, layout);
        const Index r = roots.layout.real;
        for (Index i = 0; i < r; ++i) odd += roots.pole[static_cast<std::size_t>(i)] >= layout.real;
        const auto all = vectors.columns.leftCols(r);
        const ComplexMatrix upper = all.middleRows(layout.real, layout.pairs);
        CHECK(all.topRows(layout.real).imag().norm() < 1e-14 * all.norm());
        CHECK((upper.conjugate() - all.bottomRows(layout.pairs)).norm() < 1e-14 * all.norm());
    }
    CHECK(odd > 0);  // the case this is about occurs
}

TEST_CASE("secular_roots: the strengths follow from poles and roots (Loewner's closed form)") {
    const Poles poles = random_poles(40, 0.5);
    const SecularRoots roots = secular_roots(poles.set.values, poles.strengths, poles.set.layout);
    const ComplexVector all = full_of(poles.set.values, poles.set.layout);
    const ComplexVector found = full_of(roots.values, roots.layout);
    for (Index j = 0; j < poles.set.values.size(); ++j) {
        Complex product = -(all(j) - found(j));
        for (Index k = 0; k < all.size(); ++k)
            if (k != j) product *= (all(j) - found(k)) / (all(j) - all(k));
        CHECK(std::abs(product - poles.strengths(j)) < 1e-11 * std::abs(poles.strengths(j)));
    }
}

TEST_CASE("secular_roots: about five evaluations a root in a bulk, without help from LAPACK") {
    for (const double size : {1e-3, 0.3, 10.0, 1e4}) {
        const Poles poles = random_poles(300, size / std::sqrt(300.0));
        const SecularRoots roots =
            secular_roots(poles.set.values, poles.strengths, poles.set.layout);
        CHECK(roots.found);
        CHECK_FALSE(roots.restarted);
        CHECK(static_cast<double>(roots.evaluations) <
              8.0 * static_cast<double>(roots.values.size()));
    }
}

TEST_CASE("secular_roots: an outlier far from every pole is found (closed form)") {
    // Poles on a circle of radius ½, equal strengths: z^n = ½^n + n d z^(n−1).
    constexpr Index n = 64;
    ComplexVector poles(n);
    for (Index j = 0; j < n; ++j)
        poles(j) = std::polar(0.5, 2.0 * M_PI * (static_cast<double>(j) + 0.5) / n);
    const HalfSet set = half_of(poles);
    const ComplexVector strengths = ComplexVector::Constant(set.values.size(), 1.0);
    const SecularRoots roots = secular_roots(set.values, strengths, set.layout);
    CHECK(roots.found);
    // Σ_j 1 / (z − λ_j) = n z^(n−1) / (z^n + ½^n) = 1: z = n up to (1/2n)^n.
    CHECK((full_of(roots.values, roots.layout).array() - 64.0).abs().minCoeff() < 1e-13);
}

TEST_CASE("secular_roots: of poles that coincide all but one stay") {
    ComplexVector poles(4), strengths(4);
    poles << 0.5, 0.5, 0.5, -0.5;
    strengths << 0.1, 0.2, 0.3, 0.4;
    const SecularRoots roots = secular_roots(poles, strengths, {4, 0});
    CHECK((roots.values.array() == Complex(0.5)).count() == 2);
    // The others: (z − ½)(z + ½) = 0.6 (z + ½) + 0.4 (z − ½).
    for (Index i = 0; i < 4; ++i) {
        const Complex z = roots.values(i);
        if (z == Complex(0.5)) continue;
        CHECK(std::abs((z - 0.5) * (z + 0.5) - 0.6 * (z + 0.5) - 0.4 * (z - 0.5)) < 1e-15);
    }
}

TEST_CASE("secular_roots: two eigenvalues that coincide are refused") {
    // λ = ±1 and d = ∓1/2 …: (z − 1)(z + 1) − d₁ (z + 1) − d₂ (z − 1) = z² exactly.
    ComplexVector poles(2), strengths(2);
    poles << 1.0, -1.0;
    strengths << -0.5, 0.5;
    bool refused = false;
    try {
        const SecularRoots roots = secular_roots(poles, strengths, {2, 0});
        refused = roots.correction > 1e-10 || roots.layout.pairs == 1;
    } catch (const NotConverged& error) {
        refused = std::string(error.what()).find("too close") != std::string::npos;
    }
    CHECK(refused);
}
