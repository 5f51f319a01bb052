#include "equations/smoothed.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace heddle {
namespace {

constexpr std::size_t orders = most_derivatives + 1;

/// The derivatives of σ(x) = 1 / (1 + e⁻ˣ) are polynomials in σ, as σ' = σ − σ²: row k holds the
/// coefficients of σ, σ², … in σ⁽ᵏ⁾.
constexpr auto logistic_polynomials() {
    std::array<std::array<double, orders + 1>, orders> rows{};
    rows[0][0] = 1.0;
    for (std::size_t k = 1; k < orders; ++k)
        for (std::size_t j = 0; j < k; ++j) {
            const double power = static_cast<double>(j + 1);
            rows[k][j] += power * rows[k - 1][j];
            rows[k][j + 1] -= power * rows[k - 1][j];
        }
    return rows;
}
constexpr auto polynomials = logistic_polynomials();

double logistic(double x) {
    const double e = std::exp(-std::abs(x));
    return (x < 0.0 ? e : 1.0) / (1.0 + e);
}

/// f⁽ᵏ⁾(x). Odd and even derivatives are even and odd: taken where σ is small.
double softplus(int order, double x) {
    if (order == 0) return std::max(x, 0.0) + std::log1p(std::exp(-std::abs(x)));
    if (order == 1) return logistic(x);
    const double sign = x > 0.0 && order % 2 == 1 ? -1.0 : 1.0;
    const double s = logistic(-std::abs(x));
    const auto k = static_cast<std::size_t>(order - 1);
    double sum = 0.0;
    for (std::size_t j = k + 1; j-- > 0;) sum = (sum + polynomials[k][j]) * s;
    return sign * sum;
}

/// Probabilists' Hermite polynomial.
double hermite(int order, double x) {
    double before = 0.0, now = 1.0;
    for (int k = 0; k < order; ++k) {
        const double next = x * now - static_cast<double>(k) * before;
        before = now;
        now = next;
    }
    return now;
}

double density(double x) {
    return std::exp(-0.5 * x * x) / std::sqrt(2.0 * std::numbers::pi);
}

double below(double x) {
    return 0.5 * std::erfc(-x / std::numbers::sqrt2);
}

constexpr double end = 9.0;
constexpr double widest = 0.6;    // Spacing of the rule, …
constexpr double in_units = 0.5;  // … and that times √w.

/// The rule's weights at widest · k, k ≥ 0, for laws that are not wide: most of them.
const auto weights = [] {
    std::array<double, static_cast<std::size_t>(end / widest) + 1> values{};
    for (std::size_t k = 0; k < values.size(); ++k)
        values[k] = widest * density(widest * static_cast<double>(k));
    return values;
}();

}  // namespace

double softplus_mean(int order, double u, double w) {
    if (w <= 0.0) return softplus(order, u);
    // Analytic for |Im z| < π / √w: the error falls as exp(−2 π² / (√w · spacing)), times that
    // exponent's power k, and as exp(−2 π² / spacing²) for the density.
    const double deviation = std::sqrt(w);
    const double spacing = std::min(widest, in_units / deviation);
    if (spacing == widest) {
        double sum = weights[0] * softplus(order, u);
        for (std::size_t k = 1; k < weights.size(); ++k) {
            const double step = deviation * widest * static_cast<double>(k);
            sum += weights[k] * (softplus(order, u - step) + softplus(order, u + step));
        }
        return sum;
    }
    const int nodes = static_cast<int>(std::ceil(end / spacing));
    double sum = 0.0;
    for (int k = -nodes; k <= nodes; ++k) {
        const double z = k * spacing;
        sum += density(z) * softplus(order, u + deviation * z);
    }
    return spacing * sum;
}

double rectified_mean(int order, double u, double w) {
    if (w <= 0.0) return order == 0 ? std::max(u, 0.0) : order == 1 && u > 0.0 ? 1.0 : 0.0;
    const double deviation = std::sqrt(w);
    const double x = u / deviation;
    if (order == 0) return u * below(x) + deviation * density(x);
    if (order == 1) return below(x);
    const double sign = order % 2 == 0 ? 1.0 : -1.0;
    return sign * hermite(order - 2, x) * density(x) / std::pow(deviation, order - 1);
}

double softplus_error(int order) {
    return order <= 5 ? 1e-9 : 2e-7;
}

double softplus_bound(int order) {
    static constexpr std::array bounds{1.0,       0.2500001, 0.0962251, 0.1250001, 0.1276840,
                                       0.2500001, 0.4083279, 1.0625001, 2.3900800, 7.7500001};
    return bounds[std::min<std::size_t>(static_cast<std::size_t>(order - 1), bounds.size() - 1)];
}

}  // namespace heddle
