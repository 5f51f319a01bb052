#include <string>
#include <vector>

#include "heddle/linalg/solve.hpp"
#include "linalg/checks.hpp"
#include "linalg/lapack.hpp"

namespace heddle {
namespace {

/// The Cholesky factor in place of `a`; false if `a` is not positive definite.
bool cholesky(Matrix& a) {
    const int n = lapack::size(a.rows());
    const int ld = lapack::leading(n);
    int info = 0;
    dpotrf_("L", &n, a.data(), &ld, &info);
    a.triangularView<Eigen::StrictlyUpper>().setZero();
    return info == 0;
}

/// Eigenvalues, ascending; `a` becomes the eigenvectors.
Vector symmetric_eigen(Matrix& a) {
    const int n = lapack::size(a.rows());
    const int ld = lapack::leading(n);
    Vector values(n);
    const int query = -1;
    int length = 0;
    int info = 0;
    double ignored = 0.0;
    dsyevd_("V", "L", &n, a.data(), &ld, values.data(), &ignored, &query, &length, &query, &info);
    std::vector<int> iwork(static_cast<std::size_t>(lapack::leading(length)));
    const int liwork = lapack::leading(length);
    info = lapack::with_workspace([&](double* work, const int* lwork, int* status) {
        dsyevd_("V", "L", &n, a.data(), &ld, values.data(), work, lwork, iwork.data(), &liwork,
                status);
    });
    if (info > 0)
        throw NotConverged("the iteration for the eigenvalues of covariance did not converge.");
    return values;
}

}  // namespace

Matrix square_root(const MatrixView& covariance) {
    require_symmetric(covariance, "covariance");
    require_finite(covariance, "covariance");
    lapack::use_one_blas_thread();
    Matrix root = covariance;
    if (cholesky(root)) return root;

    root = covariance;
    const Vector values = symmetric_eigen(root);
    const double most = values.cwiseAbs().maxCoeff();
    if (values[0] < -1e-8 * most) {
        throw DomainError("covariance has the negative eigenvalue " + std::to_string(values[0]) +
                          "; a positive semi-definite matrix would work.");
    }
    root *= values.cwiseMax(0.0).cwiseSqrt().asDiagonal();
    return root;
}

}  // namespace heddle
