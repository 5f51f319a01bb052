#include "linalg/qr.hpp"

#include <limits>
#include <utility>

#include "linalg/lapack.hpp"

namespace heddle {

Qr::Qr(Matrix a) : factors_(std::move(a)), tau_(factors_.cols()) {
    const int n = lapack::size(factors_.rows());
    const int m = lapack::size(factors_.cols());
    const int ld = lapack::leading(n);
    lapack::with_workspace([&](double* work, const int* lwork, int* info) {
        dgeqrf_(&n, &m, factors_.data(), &ld, tau_.data(), work, lwork, info);
    });
}

Matrix Qr::triangle() const {
    return factors_.topRows(factors_.cols()).triangularView<Eigen::Upper>();
}

bool Qr::full_rank() const {
    if (factors_.cols() == 0) return true;
    const Vector diagonal = factors_.diagonal().cwiseAbs();
    const double negligible =
        static_cast<double>(factors_.rows()) * std::numeric_limits<double>::epsilon();
    return diagonal.minCoeff() > negligible * diagonal.maxCoeff();
}

Matrix Qr::basis() const {
    const int n = lapack::size(factors_.rows());
    const int m = lapack::size(factors_.cols());
    const int ld = lapack::leading(n);
    Matrix q = factors_;
    lapack::with_workspace([&](double* work, const int* lwork, int* info) {
        dorgqr_(&n, &m, &m, q.data(), &ld, tau_.data(), work, lwork, info);
    });
    for (Index j = 0; j < q.cols(); ++j) {
        if (factors_(j, j) < 0.0) q.col(j) *= -1.0;
    }
    return q;
}

Matrix Qr::multiply(const MatrixView& x) const {
    Matrix padded = Matrix::Zero(factors_.rows(), x.cols());
    padded.topRows(x.rows()) = x;
    return apply("N", std::move(padded));
}

Matrix Qr::multiply_transposed(const MatrixView& x) const {
    return apply("T", x).topRows(factors_.cols());
}

bool Qr::solve_triangular(Matrix& x) const {
    return solve_triangular("N", x);
}

bool Qr::solve_triangular_transposed(Matrix& x) const {
    return solve_triangular("T", x);
}

Matrix Qr::apply(const char* transpose, Matrix x) const {
    const int n = lapack::size(factors_.rows());
    const int m = lapack::size(factors_.cols());
    const int ld = lapack::leading(n);
    const int columns = lapack::size(x.cols());
    lapack::with_workspace([&](double* work, const int* lwork, int* info) {
        dormqr_("L", transpose, &n, &columns, &m, factors_.data(), &ld, tau_.data(), x.data(), &ld,
                work, lwork, info);
    });
    return x;
}

bool Qr::solve_triangular(const char* transpose, Matrix& x) const {
    const int m = lapack::size(factors_.cols());
    const int lda = lapack::leading(factors_.rows());
    const int ldx = lapack::leading(x.rows());
    const int columns = lapack::size(x.cols());
    int info = 0;
    dtrtrs_("U", transpose, "N", &m, &columns, factors_.data(), &lda, x.data(), &ldx, &info);
    return info == 0;
}

}  // namespace heddle
