#include <algorithm>
#include <limits>
#include <vector>

#include "heddle/linalg/solve.hpp"
#include "linalg/checks.hpp"
#include "linalg/lapack.hpp"

namespace heddle {
namespace {

constexpr int one = 1;

void require_converged(int info) {
    if (info > 0) throw NotConverged("the iteration for the singular values did not converge.");
}

std::vector<int> integer_workspace(Index smaller) {
    return std::vector<int>(static_cast<std::size_t>(8 * std::max<Index>(smaller, 1)));
}

struct ComplexSvd {
    ComplexMatrix u;   ///< shape (r, r).
    Vector sigma;      ///< shape (min(r, c),).
    ComplexMatrix vh;  ///< Vᴴ, shape (c, c).
};

/// \param job "A": all of u and vh; "N": neither.
ComplexSvd complex_svd(ComplexMatrix a, const char* job) {
    const bool vectors = *job == 'A';
    const int r = lapack::size(a.rows());
    const int c = lapack::size(a.cols());
    const Index smaller = std::min(a.rows(), a.cols());
    const Index larger = std::max(a.rows(), a.cols());
    const int lda = lapack::leading(r);
    const int ldu = vectors ? lapack::leading(r) : one;
    const int ldv = vectors ? lapack::leading(c) : one;
    ComplexSvd svd;
    if (vectors) {
        svd.u.resize(r, r);
        svd.vh.resize(c, c);
    }
    svd.sigma.resize(smaller);
    Vector real_work(std::max<Index>(1, smaller * (5 * smaller + 2 * larger + 7)));
    std::vector<int> iwork = integer_workspace(smaller);
    require_converged(
        lapack::with_workspace<Complex>([&](Complex* work, const int* lwork, int* info) {
            zgesdd_(job, &r, &c, a.data(), &lda, svd.sigma.data(), svd.u.data(), &ldu,
                    svd.vh.data(), &ldv, work, lwork, real_work.data(), iwork.data(), info);
        }));
    return svd;
}

}  // namespace

Vector singular_values(const MatrixView& a) {
    require_finite(a, "a");
    Matrix copy = a;
    const int r = lapack::size(a.rows());
    const int c = lapack::size(a.cols());
    const int lda = lapack::leading(r);
    Vector sigma(std::min(a.rows(), a.cols()));
    std::vector<int> iwork = integer_workspace(sigma.size());
    require_converged(lapack::with_workspace([&](double* work, const int* lwork, int* info) {
        dgesdd_("N", &r, &c, copy.data(), &lda, sigma.data(), nullptr, &one, nullptr, &one, work,
                lwork, iwork.data(), info);
    }));
    return sigma;
}

Vector singular_values(const ComplexMatrixView& a) {
    require_finite(a, "a");
    return complex_svd(a, "N").sigma;
}

ComplexLeastNorm complex_least_norm(const ComplexMatrixView& a, const ComplexVectorView& b) {
    require_finite(a, "a");
    require_shape(b, a.rows(), 1, "b");
    require_finite(b, "b");
    if (a.size() == 0) throw ShapeError("a", "at least one row and one column", shape_of(a));
    const ComplexSvd svd = complex_svd(a, "A");
    const Index smaller = svd.sigma.size();
    const double negligible = static_cast<double>(std::max(a.rows(), a.cols())) *
                              std::numeric_limits<double>::epsilon() * svd.sigma[0];
    const Index rank = (svd.sigma.array() > negligible).count();
    const ComplexVector weights =
        svd.sigma.head(rank).cwiseInverse().asDiagonal() * (svd.u.leftCols(rank).adjoint() * b);
    const double smallest = svd.sigma[smaller - 1];
    return {svd.vh.topRows(rank).adjoint() * weights, svd.vh.bottomRows(a.cols() - rank).adjoint(),
            smallest > 0.0 ? svd.sigma[0] / smallest : std::numeric_limits<double>::infinity()};
}

}  // namespace heddle
