#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include "heddle/linalg/exponential.hpp"
#include "heddle/linalg/solve.hpp"
#include "linalg/checks.hpp"
#include "linalg/lapack.hpp"

namespace heddle {
namespace {

/// Q(h) = Σ_{j ≥ 0} h^{j+1} / (j + 1)! L^j(S) with L(X) = A X + X Aᵀ, for ‖A‖₂ h ≤ 1/2: a dozen
/// terms and a half.
Matrix short_covariance(const Matrix& a, const Matrix& intensity, double h) {
    Matrix term = h * intensity;
    Matrix sum = term;
    Matrix product(a.rows(), a.cols());
    for (int j = 2; term.norm() > std::numeric_limits<double>::epsilon() / 8 * sum.norm(); ++j) {
        product.noalias() = a * term;
        term = (h / j) * (product + product.transpose());
        sum += term;
    }
    return sum;
}

void symmetrise(Matrix& a) {
    const Matrix transposed = a.transpose();
    a = 0.5 * (a + transposed);
}

void require_arguments(const MatrixView& a, const MatrixView& intensity, double t) {
    require_square(a, "a");
    require_finite(a, "a");
    require_shape(intensity, a.rows(), a.cols(), "intensity");
    require_finite(intensity, "intensity");
    require_symmetric(intensity, "intensity");
    if (!(t >= 0.0) || !std::isfinite(t)) {
        throw DomainError("t is " + std::to_string(t) +
                          "; a finite time of zero or more would work.");
    }
}

}  // namespace

NoiseStep noise_step(const MatrixView& a, const MatrixView& intensity, double t) {
    require_arguments(a, intensity, t);
    lapack::use_one_blas_thread();
    const double norm = spectral_norm(a) * t;
    const int halvings = norm > 0.5 ? static_cast<int>(std::ceil(std::log2(2.0 * norm))) : 0;
    const double h = std::ldexp(t, -halvings);

    Matrix covariance = short_covariance(a, 0.5 * (intensity + intensity.transpose()), h);
    Matrix propagator = exponential(h * a);
    Matrix product(a.rows(), a.cols());
    for (int i = 0; i < halvings; ++i) {
        product.noalias() = propagator * covariance;
        covariance.noalias() += product * propagator.transpose();
        symmetrise(covariance);
        product.noalias() = propagator * propagator;
        propagator.swap(product);
    }
    if (!covariance.allFinite()) {
        throw DomainError("the covariance after t = " + std::to_string(t) +
                          " overflows; a shorter time would work.");
    }
    // Not from the doubling: on its own, the exponential needs fewer squarings.
    if (halvings > 0) propagator = exponential(t * a);
    return {std::move(propagator), std::move(covariance)};
}

}  // namespace heddle
