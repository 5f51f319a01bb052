#include "population/siegert_point.hpp"

#include <cmath>
#include <numbers>
#include <optional>

#include "population/siegert_integrals.hpp"

namespace heddle {
namespace {

constexpr double half_alpha = 1.4603545088095868 / std::numbers::sqrt2;  // |ζ(1/2)| / √2

/// Without noise: 1 / r = t_ref + τ_m ln((μ − V_reset) / (μ − V_th)).
SiegertValue charging(const SiegertPoint& point) {
    const double over = point.mu - point.V_th;
    if (over <= 0.0) return {0.0, 0.0, 0.0, 0.0};
    const double way = point.mu - point.V_reset;
    const double period =
        point.t_ref + point.tau_m * std::log1p((point.V_th - point.V_reset) / over);
    const double factor = 1e3 * point.tau_m / (period * period);
    const double d_mu = factor * (1.0 / over - 1.0 / way);
    return {1e3 / period, d_mu, -point.shift() * d_mu,
            0.25 * factor * (1.0 / (over * over) - 1.0 / (way * way))};
}

/// The rate and what its derivatives are made of: the integrals over the mean interval, such that
/// ∂ ln r / ∂ y_th = −slope for a common shift of both bounds.
struct Passage {
    double rate;
    double slope;
    double moment;
    double bend;
};

/// Nothing if the noise is too small to divide by.
std::optional<Passage> passage_of(const SiegertPoint& point, double shift) {
    const double high = (point.V_th - point.mu) / point.sigma + shift;
    const double width = (point.V_th - point.V_reset) / point.sigma;
    if (!std::isfinite(width) || !std::isfinite(high)) return std::nullopt;
    const SiegertIntegrals integral = siegert_integrals(high, width);
    const double time = point.tau_m / std::numbers::inv_sqrtpi;
    const double period = point.t_ref * integral.damping + time * integral.value;
    const double factor = time / period;
    return Passage{1e3 * integral.damping / period, factor * integral.slope,
                   factor * integral.moment, factor * integral.bend};
}

}  // namespace

double SiegertPoint::shift() const {
    return half_alpha * std::sqrt(tau_s / tau_m);
}

SiegertValue siegert_at(const SiegertPoint& point) {
    const double shift = point.shift();
    const std::optional<Passage> passage = passage_of(point, shift);
    if (!passage) return charging(point);
    const double factor = passage->rate / point.sigma;
    const double d_sigma = factor * (passage->moment - shift * passage->slope);
    return {passage->rate, factor * passage->slope, d_sigma, 0.5 * d_sigma / point.sigma};
}

SiegertValue taylor_at(const SiegertPoint& point) {
    const double shift = point.shift();
    const std::optional<Passage> white = passage_of(point, 0.0);
    if (!white) return charging(point);
    const double factor = white->rate / point.sigma;
    const double less = 1.0 - 2.0 * shift * white->slope;
    const double d_sigma = factor * (white->moment * less + shift * white->bend);
    return {white->rate * (1.0 - shift * white->slope),
            factor * (white->slope * less + 2.0 * shift * white->moment), d_sigma,
            0.5 * d_sigma / point.sigma};
}

}  // namespace heddle
