#include "heddle/linalg/lyapunov.hpp"
#include "linalg/checks.hpp"
#include "linalg/lapack.hpp"
#include "linalg/sylvester.hpp"

namespace heddle {
namespace {

constexpr Index leaf = 48;  // Below it, a full Sylvester solve is as quick as half of one.

void mirror_upper(Eigen::Ref<Matrix> c) {
    for (Index j = 0; j < c.cols(); ++j)
        for (Index i = 0; i < j; ++i) c(j, i) = c(i, j);
}

/// c −= p + pᵀ for p = a bᵀ, upper triangle only, by columns of blocks.
void subtract_symmetric_product(const TriangleView& a, const TriangleView& b,
                                Eigen::Ref<Matrix> c) {
    const Matrix p = a * b.transpose();
    for (Index j = 0; j < c.cols(); ++j)
        for (Index i = 0; i <= j; ++i) c(i, j) -= p(i, j) + p(j, i);
}

/// X with T X + X Tᵀ = C in place of C, whose upper triangle is read.
///
///     T₁ X₁₂ + X₁₂ T₂ᵀ = C₁₂ − T₁₂ X₂ ,   T₁ X₁ + X₁ T₁ᵀ = C₁ − T₁₂ X₁₂ᵀ − X₁₂ T₁₂ᵀ
void solve_symmetric(const TriangleView& t, Eigen::Ref<Matrix> c) {
    const Index n = t.rows();
    if (n <= leaf) {
        mirror_upper(c);
        solve_sylvester(t, t, c);
        return mirror_upper(c);
    }
    const Index top = halve(t);
    const Index rest = n - top;
    auto corner = c.topRightCorner(top, rest);
    solve_symmetric(t.bottomRightCorner(rest, rest), c.bottomRightCorner(rest, rest));
    corner.noalias() -= t.topRightCorner(top, rest) * c.bottomRightCorner(rest, rest);
    solve_sylvester(t.topLeftCorner(top, top), t.bottomRightCorner(rest, rest), corner);
    subtract_symmetric_product(t.topRightCorner(top, rest), corner, c.topLeftCorner(top, top));
    solve_symmetric(t.topLeftCorner(top, top), c.topLeftCorner(top, top));
    c.bottomLeftCorner(rest, top) = corner.transpose();
}

}  // namespace

Matrix solve_schur_lyapunov(const MatrixView& t, const MatrixView& q) {
    require_square(t, "t");
    require_shape(q, t.rows(), t.cols(), "q");
    lapack::use_one_blas_thread();
    Matrix x = -q;
    if (x.size() > 0) solve_symmetric(t, x);
    return x;
}

Matrix solve_adjoint_schur_lyapunov(const MatrixView& t, const MatrixView& q) {
    // With J the reversal, J Tᵀ J is upper quasi-triangular, and J Y J solves its equation.
    const Matrix turned = t.transpose().reverse();
    return solve_schur_lyapunov(turned, q.transpose().reverse()).reverse();
}

}  // namespace heddle
