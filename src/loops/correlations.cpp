#include "loops/correlations.hpp"

#include <cmath>
#include <limits>

#include "heddle/core/error.hpp"

namespace heddle {
namespace {

/// F with a ≈ F Fᵀ for a positive semi-definite matrix, which is destroyed.
Matrix pivoted_cholesky(Matrix a) {
    const Index n = a.rows();
    const double floor = 2.0 * std::numeric_limits<double>::epsilon() * a.diagonal().maxCoeff();
    Vector left = a.diagonal();
    Matrix factor(n, n);
    Index rank = 0;
    for (; rank < n; ++rank) {
        Index pivot = 0;
        if (!(left.maxCoeff(&pivot) > floor)) break;
        auto column = factor.col(rank);
        column = a.col(pivot);
        column.noalias() -= factor.leftCols(rank) * factor.row(pivot).head(rank).transpose();
        column /= std::sqrt(column(pivot));
        left -= column.cwiseAbs2();
        left(pivot) = 0.0;
    }
    return factor.leftCols(rank);
}

}  // namespace

Complex relative_growth(Complex z) {
    if (z == 0.0) return 1.0;
    const double half_sine = std::sin(0.5 * z.imag()), grown = std::expm1(z.real());
    return Complex(grown * std::cos(z.imag()) - 2.0 * half_sine * half_sine,
                   (grown + 1.0) * std::sin(z.imag())) /
           z;
}

Matrix correlation_factor(const ComplexVectorView& rates, PairLayout layout, double t) {
    const ComplexVector all = full_of(rates, layout);
    ComplexMatrix half(rates.size(), all.size());
    for (Index j = 0; j < all.size(); ++j)
        for (Index i = 0; i < rates.size(); ++i)
            half(i, j) = t * relative_growth((rates(i) + all(j)) * t);
    if (!half.allFinite())
        throw DomainError("duration: found " + std::to_string(t) +
                          " time constants, in which the closed network's fastest growing mode "
                          "overflows; a shorter motif or other targets would do");
    Matrix form = real_form(half, layout, layout);
    flip_rows(form, layout);
    return pivoted_cholesky(std::move(form));
}

}  // namespace heddle
