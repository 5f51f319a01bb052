#include <doctest/doctest.h>

#include "heddle/core/error.hpp"
#include "heddle/linalg/lyapunov.hpp"
#include "matrices.hpp"

using namespace heddle;
using namespace heddle::matrices;

namespace {

double residual(const Matrix& t, const Matrix& q, const Matrix& x) {
    return (t * x + x * t.transpose() + q).norm() / (t.norm() * x.norm());
}

}  // namespace

TEST_CASE("solve_schur_lyapunov: T X + X Tᵀ = −Q and Tᵀ Y + Y T = −Q at sizes around the blocks") {
    for (const Index n : {1, 2, 3, 47, 48, 49, 96, 97, 131, 260}) {
        const Matrix t = real_schur(weights(n) - 1.2 * identity(n)).t;
        const Matrix root = gaussian(n, 2, 9);
        const Matrix q = root * root.transpose();
        const Matrix x = solve_schur_lyapunov(t, q), y = solve_adjoint_schur_lyapunov(t, q);
        CHECK(residual(t, q, x) < 1e-13);
        CHECK(residual(t.transpose(), q, y) < 1e-13);
        CHECK(x == x.transpose());
        CHECK(y == y.transpose());
    }
}

TEST_CASE("solve_schur_lyapunov: rotated back it is what solve_lyapunov gives") {
    const Matrix a = weights(150) - 1.1 * identity(150);
    const Schur schur = real_schur(a);
    const Matrix x = solve_schur_lyapunov(schur.t, identity(150));
    CHECK(relative_error(schur.q * x * schur.q.transpose(), solve_lyapunov(a, identity(150))) <
          1e-12);
}

TEST_CASE("solve_schur_lyapunov: only the upper triangle of Q is read") {
    const Matrix t = real_schur(weights(120) - 1.1 * identity(120)).t;
    const Matrix q = gaussian(120, 120), mirrored = q.selfadjointView<Eigen::Upper>();
    CHECK(solve_schur_lyapunov(t, q) == solve_schur_lyapunov(t, mirrored));
}

TEST_CASE("solve_schur_lyapunov: shapes that do not fit are refused, empty ones are not") {
    CHECK_THROWS_AS((void)solve_schur_lyapunov(Matrix::Zero(2, 3), identity(2)), ShapeError);
    CHECK_THROWS_AS((void)solve_schur_lyapunov(-identity(3), identity(2)), ShapeError);
    CHECK_THROWS_AS((void)solve_adjoint_schur_lyapunov(-identity(3), identity(2)), ShapeError);
    CHECK(solve_schur_lyapunov(Matrix(0, 0), Matrix(0, 0)).size() == 0);
}
