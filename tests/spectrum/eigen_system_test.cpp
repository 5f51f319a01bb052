#include "heddle/spectrum/eigen_system.hpp"

#include <doctest/doctest.h>

#include "heddle/core/error.hpp"
#include "heddle/linalg/eigenvalues.hpp"
#include "heddle/loops/placement.hpp"
#include "heddle/spectrum/closed_loop.hpp"
#include "support/examples.hpp"

using namespace heddle;

namespace {

Network with_weights(const Matrix& weights) {
    return make_network(weights, 1, 1);
}

Loops random_loops(Index n, Index k, std::uint64_t seed, double size = 1.0) {
    const double scale = 1.0 / std::sqrt(static_cast<double>(n));
    return {scale * examples::random_matrix(n, k, seed),
            size * scale * examples::random_matrix(n, k, seed + 1)};
}

Matrix closed_weights(const Network& network, const Loops& loops) {
    return dense_weights(network) + loops.u * loops.v.transpose();
}

double farthest(const EigenSystem& system, const Matrix& weights) {
    return distances(system.eigenvalues, eigenvalues(weights)).maxCoeff();
}

/// Largest residual of all right and all left vectors, relative to their size.
double worst_residual(const EigenSystem& system, const Matrix& weights) {
    const ComplexMatrix r = right_vectors(system), l = left_vectors(system);
    const ComplexMatrix right = weights * r - r * system.eigenvalues.asDiagonal();
    const ComplexMatrix left = l * weights - system.eigenvalues.asDiagonal() * l;
    return std::max(right.colwise().norm().maxCoeff(),
                    (left.rowwise().norm().array() / l.rowwise().norm().array()).maxCoeff());
}

bool closed_under_conjugation(const ComplexVector& values) {
    for (Index i = 0; i < values.size(); ++i)
        if ((values.array() == std::conj(values(i))).count() < 1) return false;
    return true;
}

}  // namespace

TEST_CASE("open_loops: the spectrum is that of W + U Vᵀ, for loops weak and strong (slow twin)") {
    const Network network = examples::network(60, 1);
    const EigenSystem closed = eigen_system(network);
    CHECK(farthest(closed, dense_weights(network)) < 1e-13);
    for (const double size : {1e-8, 0.1, 3.0, 100.0})
        for (const Index k : {1, 2, 4}) {
            const Loops loops = random_loops(60, k, 5, size);
            const Matrix weights = closed_weights(network, loops);
            const EigenSystem open = open_loops(closed, loops);
            CHECK(open.updates == k);
            CHECK(open.trusted);
            CHECK_FALSE(open.restarted);
            CHECK(farthest(open, weights) < 1e-12 * weights.norm());
            CHECK(closed_under_conjugation(open.eigenvalues));
        }
}

TEST_CASE("open_loops: vectors obey (W + U Vᵀ) r = λ r and l (W + U Vᵀ) = λ l (residuals)") {
    const Network network = examples::network(50, 1);
    const Loops loops = random_loops(50, 3, 7, 2.0);
    const Matrix weights = closed_weights(network, loops);
    const EigenSystem open = open_loops(eigen_system(network), loops);
    CHECK(worst_residual(open, weights) < 1e-12);
    const ComplexMatrix r = right_vectors(open), l = left_vectors(open);
    CHECK((l * r - ComplexMatrix::Identity(50, 50)).norm() < 1e-11);
    CHECK((r.colwise().norm().array() - 1.0).abs().maxCoeff() < 1e-14);
    for (Index i = 0; i < 50; ++i) {
        const EigenPair pair = eigen_pair(open, i);
        CHECK(pair.residual < 1e-12);
        CHECK(pair.left_residual < 1e-12);
        CHECK(pair.error < 1e-12);
        const Complex turn = r.col(i).dot(pair.right);
        CHECK((pair.right - turn * r.col(i)).norm() < 1e-12);
        CHECK(std::abs(std::abs(turn) - 1.0) < 1e-12);
        CHECK(pair.condition == doctest::Approx(l.row(i).norm()).epsilon(1e-9));
    }
}

TEST_CASE("open_loops: designed loops put their targets where placement does") {
    const Network network = examples::network(120, 1);
    ComplexVector targets(6);
    for (Index i = 0; i < 6; ++i)
        targets(i) = Complex(1.0, (i % 2 ? -0.15 : 0.15) * static_cast<double>(1 + i / 2));
    const Placement placed = place_eigenvalues(network, targets);
    const EigenSystem open = open_loops(eigen_system(network), placed.loops);
    CHECK(open.trusted);
    CHECK(distances(targets, open.eigenvalues).maxCoeff() < 1e-10);
}

TEST_CASE("eigen_system: the measured error is a bound of the true one, condition is κ to 40 %") {
    // 8 projections: standard error 25 % for each of two norms of real vectors; a factor of 4 is
    // beyond 4 standard errors, false alarm below 1e-3 for all 80 (fixed seed).
    const Network network = examples::network(80, 1);
    const Loops loops = random_loops(80, 2, 3, 2.0);
    const EigenSystem open = open_loops(eigen_system(network), loops);
    const ComplexMatrix l = left_vectors(open);
    const Vector exact = l.rowwise().norm();
    const Vector ratio = open.condition.cwiseQuotient(exact);
    CHECK(ratio.maxCoeff() < 4.0);
    CHECK(ratio.minCoeff() > 0.25);
    const double mean = ratio.array().log().mean();
    CHECK(std::abs(mean) < 4.0 * 0.4 / std::sqrt(40.0));
    const double actual = farthest(open, closed_weights(network, loops));
    CHECK(actual < 4.0 * open.error.maxCoeff());
}

TEST_CASE("open_loops: an eigenvalue whose left vector u does not reach stays, bit for bit") {
    const Network network = examples::network(40, 1);
    const EigenSystem closed = eigen_system(network);
    const ComplexMatrix r = right_vectors(closed);
    // u in the span of four conjugate-closed right vectors: every other L u is zero up to rounding.
    Vector u = Vector::Zero(40);
    for (Index i = 0; i < 4; ++i) u += r.col(i).real();
    const Loops loops{u, examples::random_matrix(40, 1, 9)};
    const EigenSystem open = open_loops(closed, loops);
    CHECK(farthest(open, closed_weights(network, loops)) < 1e-12);
    Index same = 0;
    for (Index i = 0; i < 40; ++i)
        same += ((open.eigenvalues.array() - closed.eigenvalues(i)).abs() < 1e-14).any();
    CHECK(same >= 32);
    CHECK(worst_residual(open, closed_weights(network, loops)) < 1e-11);
}

TEST_CASE(
    "open_loops: u or v of diagonal weights with exact zeros leaves poles and vectors alone") {
    Vector values(5);
    values << 0.1, 0.3, -0.2, 0.6, -0.5;
    const Network network = with_weights(values.asDiagonal());
    const EigenSystem closed = eigen_system(network);
    Loops loops{Matrix::Ones(5, 1), Matrix::Ones(5, 1)};
    loops.u(0) = 0.0;               // left vector stays, right one does not
    loops.v(1) = 0.0;               // right vector stays, left one does not
    loops.u(2) = loops.v(2) = 0.0;  // both stay
    const EigenSystem open = open_loops(closed, loops);
    for (const double still : {0.1, 0.3, -0.2})
        CHECK((open.eigenvalues.array() == Complex(still)).count() == 1);
    const Matrix weights = closed_weights(network, loops);
    CHECK(farthest(open, weights) < 1e-14);
    CHECK(worst_residual(open, weights) < 1e-14);
    CHECK((left_vectors(open) * right_vectors(open) - ComplexMatrix::Identity(5, 5)).norm() <
          1e-14);
}

TEST_CASE("open_loops: poles that coincide (limit case): W = 0, and W with equal blocks") {
    const Matrix none = Matrix::Zero(12, 12);
    const Matrix block = 0.4 * examples::random_matrix(6, 6, 3);
    Matrix twice = none;
    twice.topLeftCorner(6, 6) = twice.bottomRightCorner(6, 6) = block;
    for (const Matrix& w : {none, twice})
        for (const Index k : {1, 3}) {
            const Network network = with_weights(w);
            const Loops loops = random_loops(12, k, 4, 2.0);
            const Matrix weights = closed_weights(network, loops);
            const EigenSystem open = open_loops(eigen_system(network), loops);
            CHECK(open.trusted);
            CHECK(farthest(open, weights) < 1e-12);
            CHECK(worst_residual(open, weights) < 1e-12);
            CHECK((left_vectors(open) * right_vectors(open) - ComplexMatrix::Identity(12, 12))
                      .norm() < 1e-11);
        }
}

TEST_CASE("open_loops: real eigenvalues become a pair and a pair becomes two real ones") {
    const auto reals = [](const ComplexVector& values) {
        return (values.imag().array() == 0.0).count();
    };
    Matrix rotation(2, 2), diagonal(2, 2);
    rotation << 0.2, -0.5, 0.5, 0.2;
    diagonal << 0.5, 0.0, 0.0, -0.3;
    Loops loops{Matrix(2, 1), Matrix(2, 1)};
    loops.u << 1.0, -1.0;
    loops.v << 1.0, 1.0;
    const EigenSystem two = open_loops(eigen_system(with_weights(rotation)), loops);
    CHECK(reals(two.eigenvalues) == 2);
    CHECK(farthest(two, rotation + loops.u * loops.v.transpose()) < 1e-14);
    loops.u << -1.0, 1.0;
    const EigenSystem pair = open_loops(eigen_system(with_weights(diagonal)), loops);
    CHECK(reals(pair.eigenvalues) == 0);
    CHECK(pair.eigenvalues(0) == std::conj(pair.eigenvalues(1)));
    CHECK(farthest(pair, diagonal + loops.u * loops.v.transpose()) < 1e-14);

    // Many of both at once: symmetric weights and a strong random loop.
    const Matrix half = examples::random_matrix(40, 40, 2) / std::sqrt(80.0);
    const Matrix symmetric = half + half.transpose();
    const Loops strong = random_loops(40, 1, 11, 10.0);
    const EigenSystem mixed = open_loops(eigen_system(with_weights(symmetric)), strong);
    const Matrix weights = symmetric + strong.u * strong.v.transpose();
    CHECK(reals(mixed.eigenvalues) == reals(eigenvalues(weights)));
    CHECK(reals(mixed.eigenvalues) < 40);
    CHECK(farthest(mixed, weights) < 1e-12);
    CHECK(closed_under_conjugation(mixed.eigenvalues));
}

TEST_CASE("open_loops: what (U, V) opened, (−U, V) closes") {
    const Network network = examples::network(70, 1);
    const EigenSystem closed = eigen_system(network);
    const Loops loops = random_loops(70, 2, 13, 2.0);
    const EigenSystem again = open_loops(open_loops(closed, loops), {-loops.u, loops.v});
    CHECK(again.updates == 4);
    CHECK(distances(again.eigenvalues, closed.eigenvalues).maxCoeff() < 1e-11);
    CHECK(worst_residual(again, dense_weights(network)) < 1e-10);
}

TEST_CASE("open_loops: a chain of calls is one call with all loops, up to rounding") {
    const Network network = examples::network(50, 1);
    const EigenSystem closed = eigen_system(network);
    const Loops loops = random_loops(50, 4, 15);
    EigenSystem chain = closed;
    for (Index k = 0; k < 4; ++k) chain = open_loops(chain, {loops.u.col(k), loops.v.col(k)});
    const EigenSystem once = open_loops(closed, loops);
    CHECK(distances(chain.eigenvalues, once.eigenvalues).maxCoeff() < 1e-12);
    CHECK(open_loops(closed, {Matrix(50, 0), Matrix(50, 0)}).eigenvalues == closed.eigenvalues);
}

TEST_CASE("eigen_system: nearly dependent eigenvectors are reported in words, or refused") {
    Matrix jordan = 0.5 * Matrix::Identity(6, 6);
    for (Index i = 0; i < 5; ++i) jordan(i, i + 1) = 1.0;
    CHECK_THROWS_WITH_AS(static_cast<void>(eigen_system(with_weights(jordan))),
                         doctest::Contains("no basis of eigenvectors"), DomainError);
    // Distinct eigenvalues 1e-4 apart in a chain of five: κ(R) about 1e16 and more.
    for (Index i = 0; i < 6; ++i) jordan(i, i) += 1e-3 * static_cast<double>(i);
    const EigenSystem closed = eigen_system(with_weights(jordan));
    const EigenSystem open = open_loops(closed, random_loops(6, 1, 3));
    CHECK_FALSE(closed.trusted);
    CHECK_FALSE(open.trusted);
    CHECK(open.reason.find("eigenvalues are known to") != std::string::npos);
    CHECK(open.reason.find("condition") != std::string::npos);
}

TEST_CASE("open_loops: a loop that makes a Jordan block is not trusted") {
    const Network network = with_weights(Matrix::Zero(3, 3));
    Loops loops{Matrix::Zero(3, 1), Matrix::Zero(3, 1)};
    loops.u(0) = loops.v(1) = 1.0;  // v · u = 0: W + u vᵀ is nilpotent
    const EigenSystem open = open_loops(eigen_system(network), loops);
    CHECK(open.eigenvalues.isZero(1e-7));
    CHECK_FALSE(open.trusted);
}

TEST_CASE("eigen_system: bad input is named") {
    const Network network = examples::network(10, 1);
    const EigenSystem closed = eigen_system(network);
    CHECK_THROWS_WITH_AS(static_cast<void>(eigen_system(network, 0.0)),
                         doctest::Contains("tolerance"), DomainError);
    CHECK_THROWS_WITH_AS(static_cast<void>(open_loops(closed, random_loops(9, 1, 1))),
                         doctest::Contains("u"), ShapeError);
    CHECK_THROWS_WITH_AS(static_cast<void>(eigen_pair(closed, 10)),
                         doctest::Contains("i: found 10"), DomainError);
}
