#include <doctest/doctest.h>

#include "heddle/core/error.hpp"
#include "matrices.hpp"

using namespace heddle;
using namespace heddle::matrices;

namespace {

double residual(const Matrix& a, const Matrix& q, const Matrix& x) {
    return (a * x + x * a.transpose() + q).norm() / (a.norm() * x.norm());
}

}  // namespace

TEST_CASE("solve_lyapunov: A X + X Aᵀ = −Q to 1e-13, at sizes on both sides of the blocks") {
    for (const Index n : {1, 2, 3, 64, 65, 66, 127, 129, 200}) {
        const Matrix a = weights(n) - 1.2 * identity(n);
        const Matrix root = gaussian(n, 2, 9);
        const Matrix q = root * root.transpose();
        const Matrix x = solve_lyapunov(a, q);
        CHECK(residual(a, q, x) < 1e-13);
        CHECK(x == x.transpose());
    }
}

TEST_CASE("solve_lyapunov: for A = −D the entries are q_ij / (d_i + d_j)") {
    const Vector d = Vector::LinSpaced(90, 0.01, 5.0);
    const Matrix q = gaussian(90, 90) + gaussian(90, 90).transpose();
    const Matrix x = solve_lyapunov(-Matrix(d.asDiagonal()), q);
    for (Index i = 0; i < 90; ++i) {
        for (Index j = 0; j < 90; ++j) {
            CHECK_UNARY(std::abs(x(i, j) - q(i, j) / (d[i] + d[j])) <
                        1e-14 * (1 + std::abs(x(i, j))));
        }
    }
}

TEST_CASE("solve_lyapunov: Q need not be symmetric, A need not be stable") {
    const Matrix a = weights(100) + 1.5 * identity(100);
    const Matrix q = gaussian(100, 100);
    CHECK(residual(a, q, solve_lyapunov(a, q)) < 1e-13);
}

TEST_CASE("solve_lyapunov: pairs of eigenvalues lie across every border") {
    const Matrix rotations =
        block_diagonal({pair_block(-0.1, 3), pair_block(-0.2, 2), pair_block(-0.3, 1)});
    Matrix a = Matrix::Zero(133, 133);
    a(0, 0) = -0.5;  // Odd, so that halves fall inside pairs.
    for (Index at = 1; at < 133; at += 6) a.block(at, at, 6, 6) = rotations;
    a += Matrix((1e-2 * gaussian(133, 133)).triangularView<Eigen::StrictlyUpper>());
    const Matrix q = identity(133);
    CHECK(residual(a, q, solve_lyapunov(a, q)) < 1e-13);
}

TEST_CASE("solve_lyapunov: eigenvalues that add up to zero are refused") {
    Matrix a = -identity(4);
    a(3, 3) = 1.0;
    CHECK_THROWS_AS((void)solve_lyapunov(a, identity(4)), DomainError);
    CHECK_THROWS_AS((void)solve_lyapunov(pair_block(0, 2), identity(2)), DomainError);
    CHECK_THROWS_AS((void)solve_lyapunov(Matrix::Zero(2, 2), identity(2)), DomainError);
    CHECK_THROWS_AS((void)solve_lyapunov(-identity(3), identity(2)), ShapeError);
    CHECK_THROWS_AS((void)solve_lyapunov(Matrix::Zero(2, 3), identity(2)), ShapeError);
    CHECK(solve_lyapunov(Matrix(0, 0), Matrix(0, 0)).size() == 0);
}
