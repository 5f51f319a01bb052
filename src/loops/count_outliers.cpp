#include "loops/count_outliers.hpp"

#include <algorithm>
#include <vector>

#include "heddle/core/error.hpp"
#include "heddle/linalg/solve.hpp"
#include "heddle/spectrum/winding.hpp"

namespace heddle {
namespace {

constexpr double beyond = 0.01;
constexpr double good_enough = 1e-6;  // Residual on the line; it only has to tell turns apart.

}  // namespace

double outlier_line(const ComplexVector& upper) {
    return std::max(1.0, upper.real().maxCoeff()) + beyond;
}

Index count_outliers(const std::function<ComplexMatrix(Complex)>& transfer,
                     const ComplexVector& upper, const ThalamicLag& lag) {
    const auto return_difference = [&](Complex lambda) {
        ComplexMatrix difference = transfer(lambda) / -lag.factor(lambda);
        difference.diagonal().array() += 1.0;
        return determinant(difference);
    };
    // Fewer than none: they take away what W had there.
    return std::max<Index>(
        0, winding_number(return_difference, outlier_line(upper), beyond / 2.0).number);
}

std::function<ComplexMatrix(Complex)> transfer_in(const std::vector<KrylovSpace>& spaces,
                                                  const Matrix& v) {
    std::vector<Matrix> projected;
    for (const KrylovSpace& space : spaces) projected.push_back(space.project(v));
    return [&spaces, projected](Complex lambda) {
        const ComplexVector shift = ComplexVector::Constant(1, lambda);
        ComplexMatrix seen(projected.front().rows(), static_cast<Index>(spaces.size()));
        for (std::size_t loop = 0; loop < spaces.size(); ++loop) {
            const KrylovSpace::Observation at = spaces[loop].observe(projected[loop], shift);
            if (!(at.residuals(0) <= good_enough))
                throw NotConverged("the Krylov spaces do not reach the line right of the targets");
            seen.col(static_cast<Index>(loop)) = at.values;
        }
        return seen;
    };
}

}  // namespace heddle
