#include "rectified/smooth_map.hpp"

#include "heddle/core/error.hpp"

namespace heddle {
namespace {

template <class Of>
Vector map_over(const SmoothMap& map, const Vector& x, Of of) {
    return x.unaryExpr([&](double value) { return (map.curve.*of)(value); });
}

}  // namespace

SmoothMap smooth_map(const Network& network) {
    validate(network);
    if (network.response == Response::rectified)
        throw DomainError(
            "network: found the response rectified, expected tanh, softplus or linear; "
            "fixed_points takes rectified networks");
    if (!is_smooth(network.response))
        throw DomainError(
            "network: its response has a kink, since hazards are rectified and neurons do not "
            "differ (variance 0 mV²); let them differ, or move the kink to 0 by the bias, take the "
            "response rectified, and fixed_points");
    const ResponseCurve curve(network.response);
    const bool odd = curve.odd() && network.bias.isZero(0.0);
    return {dense_weights(network), network.bias, curve, odd};
}

Vector response_of(const SmoothMap& map, const Vector& x) {
    return map_over(map, x, &ResponseCurve::value);
}

Vector slope_of(const SmoothMap& map, const Vector& x) {
    return map_over(map, x, &ResponseCurve::slope);
}

Vector curvature_of(const SmoothMap& map, const Vector& x) {
    return map_over(map, x, &ResponseCurve::curvature);
}

Vector response_error(const SmoothMap& map, const Vector& x) {
    return map_over(map, x, &ResponseCurve::value_error);
}

Vector slope_error(const SmoothMap& map, const Vector& x) {
    return map_over(map, x, &ResponseCurve::slope_error);
}

Vector curvature_bound(const SmoothMap& map, const Vector& x, double r) {
    return x.unaryExpr([&](double value) { return map.curve.curvature_bound(value, r); });
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
