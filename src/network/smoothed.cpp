#include "network/smoothed.hpp"

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

constexpr double end = 9.0;        // Of z; e^{√w z} moves what counts by √w, …
constexpr double farthest = 60.0;  // … where means are no number above 0 any more.
constexpr double widest = 0.6;     // Spacing of the rule, …
constexpr double in_units = 0.5;   // … and that times √w.

constexpr double largest = 700.0;  // eˣ beyond overflows.

double bounded_exp(double x) {
    return std::exp(std::clamp(x, -largest, largest));
}

/// f⁽ᵏ⁾(x) from t = eˣ.
double softplus_of(int order, double x, double t) {
    if (order == 0) return t < 1.0 ? std::log1p(t) : x + std::log1p(1.0 / t);
    const double s = t < 1.0 ? t / (1.0 + t) : 1.0 / (1.0 + t);  // σ(−|x|)
    if (order == 1) return t < 1.0 ? s : 1.0 - s;
    const double sign = t > 1.0 && order % 2 == 1 ? -1.0 : 1.0;
    const auto k = static_cast<std::size_t>(order - 1);
    double sum = 0.0;
    for (std::size_t j = k + 1; j-- > 0;) sum = (sum + polynomials[k][j]) * s;
    return sign * sum;
}

/// The trapezoidal rule on z.
double by_nodes(int order, double u, double w) {
    // Analytic for |Im z| < π / √w: the error falls as exp(−2 π² / (√w · spacing)), times that
    // exponent's power k, and as exp(−2 π² / spacing²) for the density.
    const double deviation = std::sqrt(w);
    const double spacing = std::min(widest, in_units / deviation);
    const double step = deviation * spacing;
    const int nodes = static_cast<int>(std::ceil((end + std::min(deviation, farthest)) / spacing));
    // The law and eˣ on the grid are products: eˣ by a factor, the law by a factor that shrinks.
    const bool products = std::abs(u) + step * nodes < largest;
    double weight = density(0.0), shrinks = std::exp(-0.5 * spacing * spacing);
    const double faster = shrinks * shrinks;
    const double factor = std::exp(step), inverse = 1.0 / factor;
    double above = bounded_exp(u), below = above;
    double sum = weight * softplus_of(order, u, above);
    for (int k = 1; k <= nodes; ++k) {
        weight *= shrinks;
        shrinks *= faster;
        const double reach = step * k;
        above = products ? above * factor : bounded_exp(u + reach);
        below = products ? below * inverse : bounded_exp(u - reach);
        sum +=
            weight * (softplus_of(order, u + reach, above) + softplus_of(order, u - reach, below));
    }
    return spacing * sum;
}

}  // namespace

void SoftplusMeans::set(double u, double w) {
    u_ = u;
    w_ = w;
    on_grid_ = grid_.set(u, w);
    if (on_grid_) rectified_ = RectifiedMeans(u, w + SoftplusGrid::variance);
}

double SoftplusMeans::of(int order) const {
    if (on_grid_) return rectified_.of(order) + grid_.sum(order);
    return w_ <= 0.0 ? softplus_of(order, u_, bounded_exp(u_)) : by_nodes(order, u_, w_);
}

double softplus_mean(int order, double u, double w) {
    return SoftplusMeans(u, w).of(order);
}

RectifiedMeans::RectifiedMeans(double u, double w)
    : u_(u),
      deviation_(std::sqrt(w)),
      density_(density(u / deviation_)),
      below_(below(u / deviation_)) {}

double RectifiedMeans::of(int order) const {
    if (order == 0) return u_ * below_ + deviation_ * density_;
    if (order == 1) return below_;
    const double bump = density_ / deviation_;  // The mean of δ.
    if (order == 2) return bump;
    const double sign = order % 2 == 0 ? 1.0 : -1.0;
    return sign * hermite(order - 2, u_ / deviation_) * bump / std::pow(deviation_, order - 2);
}

double rectified_mean(int order, double u, double w) {
    if (w <= 0.0) return order == 0 ? std::max(u, 0.0) : order == 1 && u > 0.0 ? 1.0 : 0.0;
    return RectifiedMeans(u, w).of(order);
}

double softplus_error(int order) {
    return order <= 5 ? 1e-9 : 2e-7;
}

double softplus_bound(int order) {
    static constexpr std::array bounds{1.0,       0.2500001, 0.0962251, 0.1250001, 0.1276840,
                                       0.2500001, 0.4083279, 1.0625001, 2.3900800, 7.7500001};
    return bounds[std::min<std::size_t>(static_cast<std::size_t>(order - 1), bounds.size() - 1)];
}

double hazard_mean(Hazard form, int order, double u, double w) {
    switch (form) {
        case Hazard::exponential:
            return std::exp(u + 0.5 * w);
        case Hazard::softplus:
            return softplus_mean(order, u, w);
        case Hazard::sigmoid:
            return softplus_mean(order + 1, u, w);
        default:
            return rectified_mean(order, u, w);
    }
}

}  // namespace heddle
