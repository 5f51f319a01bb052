#include "heddle/linalg/solve.hpp"

#include <limits>
#include <vector>

#include "linalg/checks.hpp"
#include "linalg/lapack.hpp"
#include "linalg/lu.hpp"
#include "linalg/qr.hpp"

namespace heddle {
namespace {

std::string columns_depend(const char* name) {
    return std::string("the columns of ") + name +
           " are linearly dependent to working precision; independent ones would work.";
}

void require_tall(const MatrixView& a, const char* name) {
    if (a.cols() > a.rows())
        throw ShapeError(name, "at least as many rows as columns", shape_of(a));
    require_finite(a, name);
}

}  // namespace

LeastNorm least_norm(const MatrixView& x, const MatrixView& g) {
    require_tall(x, "x");
    require_shape(g, g.rows(), x.cols(), "g");
    require_finite(g, "g");
    const Vector norms = x.colwise().stableNorm();
    if ((norms.array() == 0.0).any()) throw DomainError(columns_depend("x"));

    const Qr qr(x * norms.cwiseInverse().asDiagonal());
    Matrix z = (g * norms.cwiseInverse().asDiagonal()).transpose();
    if (!qr.solve_triangular_transposed(z)) throw DomainError(columns_depend("x"));
    const Vector sigma = singular_values(qr.triangle());
    const double condition = sigma.size() == 0 ? 1.0 : sigma[0] / sigma[sigma.size() - 1];
    return {qr.multiply(z).transpose(), condition};
}

Matrix least_squares(const MatrixView& a, const MatrixView& b) {
    require_tall(a, "a");
    require_shape(b, a.rows(), b.cols(), "b");
    require_finite(b, "b");
    const Qr qr(a);
    Matrix x = qr.multiply_transposed(b);
    if (!qr.full_rank() || !qr.solve_triangular(x)) throw DomainError(columns_depend("a"));
    return x;
}

Matrix orthonormal(const MatrixView& a) {
    require_tall(a, "a");
    const Qr qr(a);
    if (!qr.full_rank()) throw DomainError(columns_depend("a"));
    return qr.basis();
}

Matrix solve(const MatrixView& a, const MatrixView& b) {
    require_square(a, "a");
    require_finite(a, "a");
    require_shape(b, a.rows(), b.cols(), "b");
    require_finite(b, "b");
    const Lu lu(a);
    if (a.rows() > 0 && lu.reciprocal_condition() < std::numeric_limits<double>::epsilon()) {
        throw DomainError("a is singular to working precision; an invertible matrix would work.");
    }
    return lu.solve(b);
}

ComplexMatrix solve_complex(const ComplexMatrixView& a, const ComplexMatrixView& b) {
    if (a.rows() != a.cols()) throw ShapeError("a", "a square matrix", shape_of(a));
    require_shape(b, a.rows(), b.cols(), "b");
    lapack::use_one_blas_thread();
    ComplexMatrix factors = a;
    ComplexMatrix x = b;
    const int n = lapack::size(a.rows());
    const int ld = lapack::leading(a.rows());
    const int columns = lapack::size(b.cols());
    std::vector<int> rows(static_cast<std::size_t>(a.rows()));
    int info = 0;
    zgesv_(&n, &columns, factors.data(), &ld, rows.data(), x.data(), &ld, &info);
    if (info > 0) throw DomainError("a is singular; an invertible matrix would work.");
    return x;
}

}  // namespace heddle
