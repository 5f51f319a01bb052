#include "network/response_curve.hpp"

#include <algorithm>
#include <cmath>

namespace heddle {
namespace {

using Kind = Response::Kind;

constexpr double relative_error = 32.0 * unit_roundoff;
constexpr double absolute_error = 64.0 * unit_roundoff;

/// 1 / (1 + e^{−x}), the slope of softplus.
double logistic(double x) {
    const double e = std::exp(-std::abs(x));
    return x > 0.0 ? 1.0 / (1.0 + e) : e / (1.0 + e);
}

/// |φ''| is even, rises up to `peak` and falls beyond it: its bound between |x| = low and high.
double bound_between(const ResponseCurve& curve, double low, double high) {
    const bool tanh = curve.kind() == Kind::tanh;
    const double peak = tanh ? 0.6584789484624084 : 0.0;
    const double most = tanh ? 0.7698003589195011 : 0.25;
    if (low <= peak && peak <= high) return most;
    return std::abs(curve.curvature(low > peak ? low : high)) + absolute_error;
}

}  // namespace

ResponseCurve::ResponseCurve(const Response& response) : kind_(response.kind()) {
    if (kind_ == Kind::transfer) transfer_.emplace(response.transfer());
}

bool ResponseCurve::odd() const noexcept {
    return kind_ == Kind::linear || kind_ == Kind::tanh;
}

double ResponseCurve::value(double x) const {
    switch (kind_) {
        case Kind::linear:
            return x;
        case Kind::rectified:
            return std::max(x, 0.0);
        case Kind::tanh:
            return std::tanh(x);
        case Kind::softplus:
            return x > 0.0 ? x + std::log1p(std::exp(-x)) : std::log1p(std::exp(x));
        default:
            return transfer_->value(x);
    }
}

double ResponseCurve::slope(double x) const {
    switch (kind_) {
        case Kind::linear:
            return 1.0;
        case Kind::rectified:
            return x > 0.0 ? 1.0 : 0.0;
        case Kind::tanh: {
            const double t = std::tanh(x);
            return (1.0 - t) * (1.0 + t);
        }
        case Kind::softplus:
            return logistic(x);
        default:
            return transfer_->slope(x);
    }
}

double ResponseCurve::curvature(double x) const {
    switch (kind_) {
        case Kind::tanh: {
            const double t = std::tanh(x);
            return -2.0 * t * (1.0 - t) * (1.0 + t);
        }
        case Kind::softplus: {
            const double e = std::exp(-std::abs(x));
            return e / ((1.0 + e) * (1.0 + e));
        }
        case Kind::transfer:
            return transfer_->curvature(x);
        default:
            return 0.0;
    }
}

double ResponseCurve::value_error(double x) const {
    return transfer_ ? transfer_->value_error(x) : relative_error * std::abs(value(x));
}

double ResponseCurve::slope_error(double x) const {
    return transfer_ ? transfer_->slope_error(x) : absolute_error;
}

double ResponseCurve::curvature_bound(double x, double r) const {
    if (transfer_) return transfer_->curvature_bound(x, r);
    if (kind_ == Kind::linear || kind_ == Kind::rectified) return 0.0;
    const double far = (std::abs(x) + r) * (1.0 + 1e-15);
    const double near = (std::abs(x) - r) * (1.0 - 1e-15);
    return bound_between(*this, std::max(near, 0.0), far);
}

}  // namespace heddle
