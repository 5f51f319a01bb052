#include "linalg/sylvester.hpp"

#include "linalg/lapack.hpp"

namespace heddle {
namespace {

constexpr Index leaf = 64;

void solve_leaf(const TriangleView& a, const TriangleView& b, Eigen::Ref<Matrix> c) {
    const int m = lapack::size(a.rows());
    const int n = lapack::size(b.rows());
    const int lda = lapack::leading(a.outerStride());
    const int ldb = lapack::leading(b.outerStride());
    const int ldc = lapack::leading(c.outerStride());
    const int plus = 1;
    double scale = 1.0;
    int info = 0;
    dtrsyl_("N", "T", &plus, &m, &n, a.data(), &lda, b.data(), &ldb, c.data(), &ldc, &scale, &info);
    c /= scale;
}

}  // namespace

Index halve(const TriangleView& t) {
    const Index half = t.rows() / 2;
    return t(half, half - 1) != 0.0 ? half + 1 : half;
}

void solve_sylvester(const TriangleView& a, const TriangleView& b, Eigen::Ref<Matrix> c) {
    const Index m = a.rows();
    const Index n = b.rows();
    if (m <= leaf && n <= leaf) return solve_leaf(a, b, c);
    if (m >= n) {
        const Index top = halve(a);
        const Index rest = m - top;
        solve_sylvester(a.bottomRightCorner(rest, rest), b, c.bottomRows(rest));
        c.topRows(top).noalias() -= a.topRightCorner(top, rest) * c.bottomRows(rest);
        solve_sylvester(a.topLeftCorner(top, top), b, c.topRows(top));
    } else {
        const Index left = halve(b);
        const Index rest = n - left;
        solve_sylvester(a, b.bottomRightCorner(rest, rest), c.rightCols(rest));
        c.leftCols(left).noalias() -= c.rightCols(rest) * b.topRightCorner(left, rest).transpose();
        solve_sylvester(a, b.topLeftCorner(left, left), c.leftCols(left));
    }
}

}  // namespace heddle
