#include "population/pearson_rule.hpp"

#include <cmath>

#include "linalg/symmetric_eigen.hpp"

namespace heddle {
namespace {

constexpr double symmetric = 1e-3;  // Skewness below which the grid is that of the normal law.

/// ln of the density at x but for a constant; γ > 0 or the normal law.
double log_density(double x, double skewness) {
    if (skewness < symmetric) return -0.5 * x * x;
    const double shape = 4.0 / (skewness * skewness);
    const double z = 0.5 * skewness * x;
    return (shape - 1.0) * std::log1p(z) - shape * z;
}

}  // namespace

PearsonRule pearson_rule(Index n, double skewness) {
    Matrix jacobi = Matrix::Zero(n, n);
    for (Index k = 0; k < n; ++k) {
        const auto degree = static_cast<double>(k);
        jacobi(k, k) = degree * skewness;
        if (k > 0)
            jacobi(k, k - 1) =
                std::sqrt(degree * (1.0 + 0.25 * (degree - 1.0) * skewness * skewness));
    }
    Vector node = symmetric_eigen(jacobi, "the recurrence of the Pearson III law");
    return {std::move(node), jacobi.row(0).transpose().array().square()};
}

PearsonRule pearson_grid(Index n, double skewness) {
    const double skew = std::abs(skewness), sign = skewness < 0.0 ? -1.0 : 1.0;
    constexpr double normal_end = 7.5, smallest = -32.0;  // ln of what is left out of the density
    const double low = skew < symmetric ? -normal_end : std::max(-normal_end, -2.0 / skew);
    double high = normal_end;
    const double peak = log_density(skew < 1.9 ? -0.5 * skew : 0.0, skew);  // At the mode, if any.
    while (log_density(high, skew) - peak > smallest) high *= 1.2;
    const double spacing = (high - low) / static_cast<double>(n);
    PearsonRule grid{Vector(n), Vector(n)};
    for (Index i = 0; i < n; ++i) {
        const double x = low + (static_cast<double>(i) + 0.5) * spacing;
        grid.node[i] = sign * x;
        grid.weight[i] = std::exp(log_density(x, skew) - peak);
    }
    grid.weight /= grid.weight.sum();
    return grid;
}

}  // namespace heddle
