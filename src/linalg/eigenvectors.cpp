#include "heddle/linalg/eigenvectors.hpp"

#include <algorithm>

#include "linalg/checks.hpp"
#include "linalg/lapack.hpp"

namespace heddle {
namespace {

/// Thin singular value decomposition A = U diag(s) Vᴴ.
struct Decomposition {
    ComplexMatrix u;
    Vector s;
    ComplexMatrix vh;
};

Decomposition decomposed(ComplexMatrix a) {
    const Index rows = a.rows(), columns = a.cols(), rank = std::min(rows, columns);
    Decomposition result{ComplexMatrix(rows, rank), Vector(rank), ComplexMatrix(rank, columns)};
    const Index longest = std::max(rows, columns);
    Vector real_work(rank * std::max<Index>(5 * rank + 7, 2 * longest + 2 * rank + 1));
    Eigen::VectorXi integer_work(8 * rank);
    const int m = lapack::size(rows), n = lapack::size(columns), ldu = lapack::leading(rows),
              ldv = lapack::leading(rank);
    const int info =
        lapack::with_workspace<Complex>([&](Complex* work, const int* length, int* status) {
            zgesdd_("S", &m, &n, a.data(), &ldu, result.s.data(), result.u.data(), &ldu,
                    result.vh.data(), &ldv, work, length, real_work.data(), integer_work.data(),
                    status);
        });
    if (info != 0) throw NotConverged("the singular value decomposition did not converge");
    return result;
}

/// LAPACK keeps a conjugate pair's vector as its real part, then its imaginary part.
ComplexMatrix unpacked(const Matrix& packed, const Vector& imaginary) {
    ComplexMatrix vectors = packed.cast<Complex>();
    for (Index j = 0; j < packed.cols(); ++j) {
        if (imaginary(j) <= 0.0) continue;
        vectors.col(j).imag() = packed.col(j + 1);
        vectors.col(j + 1) = vectors.col(j).conjugate();
    }
    return vectors;
}

}  // namespace

EigenDecomposition eigen_decomposition(const MatrixView& a) {
    require_square(a, "a");
    require_finite(a, "a");
    const Index n = a.rows();
    Matrix work_matrix = a, packed(n, n);
    Vector real(n), imaginary(n);
    const int order = lapack::size(n), leading = lapack::leading(n), none = 1;
    const int info = lapack::with_workspace([&](double* work, const int* length, int* status) {
        dgeev_("N", "V", &order, work_matrix.data(), &leading, real.data(), imaginary.data(),
               nullptr, &none, packed.data(), &leading, work, length, status);
    });
    if (info != 0) throw NotConverged("the eigendecomposition did not converge");
    EigenDecomposition result{ComplexVector(n), unpacked(packed, imaginary)};
    result.values.real() = real;
    result.values.imag() = imaginary;
    return result;
}

ComplexVector null_vector(const ComplexMatrixView& a) {
    return null_vectors(a, 1);
}

ComplexMatrix null_vectors(const ComplexMatrixView& a, Index count) {
    require_shape(a, a.rows(), a.rows(), "a");
    return decomposed(a).vh.bottomRows(count).adjoint();
}

ComplexMatrix inverse_of_rank(const ComplexMatrixView& a, Index rank) {
    require_shape(a, a.rows(), a.rows(), "a");
    const Decomposition svd = decomposed(a);
    const Vector inverse = svd.s.head(rank).cwiseInverse();
    return svd.vh.topRows(rank).adjoint() * inverse.cast<Complex>().asDiagonal() *
           svd.u.leftCols(rank).adjoint();
}

ComplexSolution least_norm_wide(const ComplexMatrixView& a, const ComplexVectorView& b) {
    if (a.rows() > a.cols()) throw ShapeError("a", "at least as many columns as rows", shape_of(a));
    require_shape(b, a.rows(), 1, "b");
    const Decomposition svd = decomposed(a);
    const ComplexVector scaled = (svd.u.adjoint() * b).array() / svd.s.array().cast<Complex>();
    return {svd.vh.adjoint() * scaled, svd.s(0) / svd.s(svd.s.size() - 1)};
}

}  // namespace heddle
