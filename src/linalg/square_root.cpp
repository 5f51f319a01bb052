#include <string>

#include "heddle/linalg/solve.hpp"
#include "linalg/checks.hpp"
#include "linalg/lapack.hpp"
#include "linalg/symmetric_eigen.hpp"

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

}  // namespace

Matrix square_root(const MatrixView& covariance) {
    require_symmetric(covariance, "covariance");
    require_finite(covariance, "covariance");
    lapack::use_one_blas_thread();
    Matrix root = covariance;
    if (cholesky(root)) return root;

    root = covariance;
    const Vector values = symmetric_eigen(root, "covariance");
    const double most = values.cwiseAbs().maxCoeff();
    if (values[0] < -1e-8 * most) {
        throw DomainError("covariance has the negative eigenvalue " + std::to_string(values[0]) +
                          "; a positive semi-definite matrix would work.");
    }
    root *= values.cwiseMax(0.0).cwiseSqrt().asDiagonal();
    return root;
}

}  // namespace heddle
