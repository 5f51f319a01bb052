#include "network/transfer_curve.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "network/smoothed.hpp"

namespace heddle {
namespace {

constexpr int bisections = 16;
constexpr double largest = std::numeric_limits<double>::max();

}  // namespace

TransferCurve::TransferCurve(const TransferResponse& response)
    : form_(response.hazard),
      centre_(response.potential / response.Delta_V),
      width_(response.variance / (response.Delta_V * response.Delta_V)),
      scale_(response.scale / response.Delta_V) {
    if (exponential()) return;
    rate_ = mean(0, centre_);
    gain_ = mean(1, centre_);
    gain_off_ = mean_error(1, std::abs(centre_));
    least_ = std::max(gain_ - gain_off_, 1e-300);
    find_peak();
}

double TransferCurve::mean(int order, double at) const {
    return hazard_mean(form_, order, at, width_);
}

double TransferCurve::mean_error(int order, double extent) const {
    if (form_ == Hazard::rectified) {
        const double deviation = std::sqrt(width_);
        if (deviation == 0.0) return 32.0 * unit_roundoff * (1.0 + extent);
        return 32.0 * unit_roundoff * (1.0 + extent / deviation) * std::pow(deviation, 1 - order);
    }
    const int k = form_ == Hazard::sigmoid ? order + 1 : order;
    const double unit = k == 0 ? 1.0 + std::sqrt(width_) : softplus_bound(k);
    const double rule = width_ > 0.0 ? softplus_error(k) * unit : 0.0;
    return rule + 64.0 * unit_roundoff * (1.0 + extent + width_);
}

double TransferCurve::extent(double x) const noexcept {
    return std::abs(centre_) + scale_ * std::abs(x);
}

void TransferCurve::find_peak() {
    if (form_ == Hazard::sigmoid) {
        double low = 0.0, high = 2.0 + 2.0 * std::sqrt(width_);
        for (int i = 0; i < bisections; ++i) {
            const double middle = 0.5 * (low + high);
            (mean(3, middle) < 0.0 ? low : high) = middle;
        }
        peak_ = high;
    }
    // Off by 1e-4 of itself, where h_2 is flat: its value is nearer than 1e-6.
    most_ = (1.0 + 1e-6) * std::abs(mean(2, peak_));
}

double TransferCurve::value(double x) const {
    if (exponential()) return std::expm1(scale_ * x) / scale_;
    return (mean(0, argument(x)) - rate_) / (scale_ * gain_);
}

double TransferCurve::slope(double x) const {
    if (exponential()) return std::exp(scale_ * x);
    return mean(1, argument(x)) / gain_;
}

double TransferCurve::curvature(double x) const {
    if (exponential()) return scale_ * std::exp(scale_ * x);
    return scale_ * mean(2, argument(x)) / gain_;
}

double TransferCurve::value_error(double x) const {
    const double found = std::abs(value(x));
    if (exponential()) return 16.0 * unit_roundoff * (found + std::abs(x) * slope(x));
    const double off = mean_error(0, extent(x)) + mean_error(0, std::abs(centre_));
    return (off / scale_ + found * gain_off_) / least_ + 16.0 * unit_roundoff * found;
}

double TransferCurve::slope_error(double x) const {
    const double found = slope(x);
    if (exponential()) return 16.0 * unit_roundoff * (1.0 + scale_ * std::abs(x)) * found;
    return (mean_error(1, extent(x)) + found * gain_off_) / least_ + 16.0 * unit_roundoff * found;
}

double TransferCurve::curvature_error(double extent, double found) const {
    return (scale_ * mean_error(2, extent) + found * gain_off_) / least_ +
           16.0 * unit_roundoff * found;
}

double TransferCurve::curvature_bound(double x, double r) const {
    if (exponential()) {
        const double end = scale_ * (x + r);
        return std::min(
            scale_ * std::exp(end) * (1.0 + 16.0 * unit_roundoff * (2.0 + std::abs(end))), largest);
    }
    const double at = std::abs(argument(x)), reach = scale_ * r;
    const double near = std::max((at - reach) * (1.0 - 1e-15), 0.0);
    const double far = (at + reach) * (1.0 + 1e-15);
    const bool holds_peak = near <= 1.001 * peak_ && 0.999 * peak_ <= far;
    const double found = holds_peak ? most_ : std::abs(mean(2, near > peak_ ? near : far));
    const double bound = scale_ * found / gain_;
    return bound + curvature_error(extent(x) + (near > peak_ || holds_peak ? 0.0 : reach), bound);
}

double TransferCurve::steepest() const {
    if (exponential()) return std::numeric_limits<double>::infinity();
    const double most = form_ == Hazard::sigmoid ? mean(1, 0.0) + mean_error(1, 0.0) : 1.0;
    return most / least_ * (1.0 + 16.0 * unit_roundoff);
}

bool TransferCurve::has_gain() const {
    if (exponential()) return std::isnormal(mean(0, centre_));
    return gain_ > 2.0 * gain_off_ && std::isfinite(rate_);
}

}  // namespace heddle
