#include "linalg/lu.hpp"

#include <utility>

#include "linalg/lapack.hpp"
#include "linalg/norms.hpp"

namespace heddle {

Lu::Lu(Matrix a)
    : factors_(std::move(a)),
      norm_(one_norm(factors_)),
      rows_(static_cast<std::size_t>(factors_.rows())) {
    lapack::use_one_blas_thread();
    const int n = lapack::size(factors_.rows());
    const int ld = lapack::leading(n);
    int info = 0;
    dgetrf_(&n, &n, factors_.data(), &ld, rows_.data(), &info);
    singular_ = info > 0;
}

double Lu::reciprocal_condition() const {
    if (singular_) return 0.0;
    const int n = lapack::size(factors_.rows());
    const int ld = lapack::leading(n);
    Vector work(4 * n);
    std::vector<int> signs(rows_.size());
    double reciprocal = 0.0;
    int info = 0;
    dgecon_("1", &n, factors_.data(), &ld, &norm_, &reciprocal, work.data(), signs.data(), &info);
    return reciprocal;
}

int Lu::sign_of_determinant() const {
    if (singular_) return 0;
    int sign = 1;
    for (Index i = 0; i < factors_.rows(); ++i) {
        if (factors_(i, i) < 0.0) sign = -sign;
        if (rows_[static_cast<std::size_t>(i)] != i + 1) sign = -sign;
    }
    return sign;
}

Matrix Lu::solve(Matrix b) const {
    const int n = lapack::size(factors_.rows());
    const int ld = lapack::leading(n);
    const int columns = lapack::size(b.cols());
    int info = 0;
    dgetrs_("N", &n, &columns, factors_.data(), &ld, rows_.data(), b.data(), &ld, &info);
    return b;
}

}  // namespace heddle
