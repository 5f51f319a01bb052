#include "linalg/orthonormalise.hpp"

#include <cmath>
#include <limits>

#include "linalg/checks.hpp"
#include "linalg/lapack.hpp"
#include "linalg/qr.hpp"

namespace heddle {
namespace {

/// Beyond this ratio of R's diagonal the second Cholesky factor might not repair the first.
constexpr double most_condition = 1e7;

double condition_of(const Vector& diagonal) {
    if (diagonal.size() == 0) return 1.0;
    return diagonal.maxCoeff() / diagonal.minCoeff();
}

/// R of A = Q R by Cholesky's factor of AᵀA; an empty matrix if there is none.
Matrix cholesky_triangle(const Matrix& a) {
    const int m = lapack::size(a.cols());
    const int ld = lapack::leading(a.cols());
    Matrix r = Matrix::Zero(a.cols(), a.cols());
    r.selfadjointView<Eigen::Upper>().rankUpdate(a.transpose());
    int info = 0;
    dpotrf_("U", &m, r.data(), &ld, &info);
    if (info != 0) return {};
    return r;
}

bool divide(Matrix& a, const Matrix& r) {
    if (r.size() == 0) return false;
    r.triangularView<Eigen::Upper>().solveInPlace<Eigen::OnTheRight>(a);
    return true;
}

Orthonormalised by_householder(Matrix& a) {
    const Qr qr(a);
    Vector diagonal = qr.triangle().diagonal().cwiseAbs();
    const double largest = diagonal.size() > 0 ? diagonal.maxCoeff() : 0.0;
    const double negligible =
        static_cast<double>(a.rows()) * std::numeric_limits<double>::epsilon() * largest;
    diagonal = (diagonal.array() <= negligible).select(0.0, diagonal);
    a = qr.basis();
    return {diagonal.array().log(), condition_of(diagonal), true};
}

}  // namespace

Orthonormalised orthonormalise(Matrix& a) {
    lapack::use_one_blas_thread();
    require_finite(a, "a");
    if (a.cols() == 0) return {Vector(), 1.0, false};
    const Matrix first = cholesky_triangle(a);
    if (first.size() == 0 || !(condition_of(first.diagonal()) < most_condition))
        return by_householder(a);
    divide(a, first);
    const Matrix second = cholesky_triangle(a);
    if (!divide(a, second)) return by_householder(a);
    const Vector diagonal = first.diagonal().cwiseProduct(second.diagonal());
    return {diagonal.array().log(), condition_of(diagonal), false};
}

}  // namespace heddle
