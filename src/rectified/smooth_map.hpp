#pragma once

#include "heddle/network/network.hpp"

namespace heddle {

/// F(x) = −x + W φ(x) + b of a network with a smooth response, dense.
struct SmoothMap {
    Matrix w;
    Vector b;
    Response response;
    bool odd;  ///< F(−x) = −F(x), exactly and as computed.

    [[nodiscard]] Index size() const noexcept { return w.rows(); }
};

/// \throws ShapeError; DomainError for a rectified network.
[[nodiscard]] SmoothMap smooth_map(const Network& network);

/// φ, φ' and φ'' of every coordinate; absolute errors of φ' and φ'' below `slope_error`, relative
/// ones of φ below `response_error`, if tanh, exp and log1p are right to 4 ulp.
[[nodiscard]] Vector response_of(const SmoothMap& map, const Vector& x);
[[nodiscard]] Vector slope_of(const SmoothMap& map, const Vector& x);
[[nodiscard]] Vector curvature_of(const SmoothMap& map, const Vector& x);
inline constexpr double unit_roundoff = 1.1102230246251565e-16;
inline constexpr double response_error = 32.0 * unit_roundoff;
inline constexpr double slope_error = 64.0 * unit_roundoff;

/// A bound of |φ''| between x_j − r and x_j + r, for every j.
[[nodiscard]] Vector curvature_bound(const SmoothMap& map, const Vector& x, double r);

/// F(x).
[[nodiscard]] Vector residual_of(const SmoothMap& map, const Vector& x);

/// F'(x) = −1 + W diag φ'(x).
[[nodiscard]] Matrix jacobian_of(const SmoothMap& map, const Vector& x);

}  // namespace heddle
