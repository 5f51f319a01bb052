#include <limits>
#include <sstream>

#include "heddle/linalg/schur.hpp"
#include "heddle/linalg/solve.hpp"
#include "linalg/checks.hpp"
#include "linalg/lapack.hpp"

namespace heddle {
namespace {

using Block = Eigen::Ref<Matrix>;
using ConstBlock = Eigen::Ref<const Matrix, 0, Eigen::OuterStride<>>;

constexpr Index leaf = 64;

/// Half of n, moved on if it would cut a 2 × 2 block.
Index halve(const ConstBlock& t) {
    const Index half = t.rows() / 2;
    return t(half, half - 1) != 0.0 ? half + 1 : half;
}

void solve_leaf(const ConstBlock& a, const ConstBlock& b, Block c) {
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

/// X with A X + X Bᵀ = C in place of C; A and B upper quasi-triangular. Each split turns one half
/// of the unknowns into a matrix product, so nearly all the work is done by it.
void solve_sylvester(const ConstBlock& a, const ConstBlock& b, Block c) {
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

/// An eigenvalue common to A and −Aᵀ would make the equation singular.
void require_solvable(const Schur& schur) {
    const double smallest = std::numeric_limits<double>::epsilon() * schur.t.norm();
    const ComplexVector& values = schur.eigenvalues;
    for (Index i = 0; i < values.size(); ++i) {
        for (Index j = 0; j <= i; ++j) {
            if (std::abs(values[i] + values[j]) > smallest) continue;
            std::ostringstream text;
            text << "the eigenvalues " << values[i] << " and " << values[j]
                 << " of a add up to zero to working precision; a stable matrix would work.";
            throw DomainError(text.str());
        }
    }
}

}  // namespace

Matrix solve_lyapunov(const MatrixView& a, const MatrixView& q) {
    require_square(a, "a");
    require_finite(a, "a");
    require_shape(q, a.rows(), a.cols(), "q");
    require_finite(q, "q");
    if (a.rows() == 0) return a;
    const Schur schur = real_schur(a);
    require_solvable(schur);

    const Matrix half = schur.q.transpose() * q;
    Matrix x = -(half * schur.q);
    solve_sylvester(schur.t, schur.t, x);
    const Matrix back = schur.q * x;
    x.noalias() = back * schur.q.transpose();
    if (q == q.transpose()) x = (0.5 * (x + x.transpose())).eval();
    return x;
}

}  // namespace heddle
