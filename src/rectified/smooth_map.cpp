#include "rectified/smooth_map.hpp"

#include <algorithm>
#include <cmath>

#include "heddle/core/error.hpp"

namespace heddle {
namespace {

double response_at(Response response, double x) {
    if (response == Response::tanh) return std::tanh(x);
    if (response == Response::softplus)
        return x > 0.0 ? x + std::log1p(std::exp(-x)) : std::log1p(std::exp(x));
    return x;
}

/// 1 / (1 + e^{−x}), the slope of softplus.
double logistic(double x) {
    const double e = std::exp(-std::abs(x));
    return x > 0.0 ? 1.0 / (1.0 + e) : e / (1.0 + e);
}

double slope_at(Response response, double x) {
    if (response == Response::tanh) {
        const double t = std::tanh(x);
        return (1.0 - t) * (1.0 + t);
    }
    return response == Response::softplus ? logistic(x) : 1.0;
}

double curvature_at(Response response, double x) {
    if (response == Response::tanh) {
        const double t = std::tanh(x);
        return -2.0 * t * (1.0 - t) * (1.0 + t);
    }
    if (response == Response::linear) return 0.0;
    const double e = std::exp(-std::abs(x));
    return e / ((1.0 + e) * (1.0 + e));
}

/// |φ''| is even, rises up to `peak` and falls beyond it: its bound between |x| = low and high.
double bound_between(Response response, double low, double high) {
    const double peak = response == Response::tanh ? 0.6584789484624084 : 0.0;
    const double most = response == Response::tanh ? 0.7698003589195011 : 0.25;
    if (response == Response::linear) return 0.0;
    if (low <= peak && peak <= high) return most;
    const double nearest = low > peak ? low : high;
    return std::abs(curvature_at(response, nearest)) + slope_error;
}

Vector map_over(const SmoothMap& map, const Vector& x, double (*of)(Response, double)) {
    return x.unaryExpr([&](double value) { return of(map.response, value); });
}

}  // namespace

SmoothMap smooth_map(const Network& network) {
    validate(network);
    if (network.response == Response::rectified)
        throw DomainError(
            "network: found the response rectified, expected tanh, softplus or linear; "
            "fixed_points takes rectified networks");
    const bool odd = network.response != Response::softplus && network.bias.isZero(0.0);
    return {dense_weights(network), network.bias, network.response, odd};
}

Vector response_of(const SmoothMap& map, const Vector& x) {
    return map_over(map, x, response_at);
}

Vector slope_of(const SmoothMap& map, const Vector& x) {
    return map_over(map, x, slope_at);
}

Vector curvature_of(const SmoothMap& map, const Vector& x) {
    return map_over(map, x, curvature_at);
}

Vector curvature_bound(const SmoothMap& map, const Vector& x, double r) {
    return x.unaryExpr([&](double value) {
        const double far = (std::abs(value) + r) * (1.0 + 1e-15);
        const double near = (std::abs(value) - r) * (1.0 - 1e-15);
        return bound_between(map.response, std::max(near, 0.0), far);
    });
}

Vector residual_of(const SmoothMap& map, const Vector& x) {
    Vector f = map.b - x;
    f.noalias() += map.w * response_of(map, x);
    return f;
}

Matrix jacobian_of(const SmoothMap& map, const Vector& x) {
    Matrix jacobian = map.w * slope_of(map, x).asDiagonal();
    jacobian.diagonal().array() -= 1.0;
    return jacobian;
}

}  // namespace heddle
