#pragma once

#include "heddle/network/network.hpp"
#include "network/response_curve.hpp"

namespace heddle {

/// F(x) = −x + W φ(x) + b of a network with a smooth response, dense.
struct SmoothMap {
    Matrix w;
    Vector b;
    ResponseCurve curve;  ///< φ.
    bool odd;             ///< F(−x) = −F(x), exactly and as computed.

    [[nodiscard]] Index size() const noexcept { return w.rows(); }
};

/// \throws ShapeError; DomainError for a rectified network, and for populations with a kink.
[[nodiscard]] SmoothMap smooth_map(const Network& network);

/// φ, φ' and φ'' of every coordinate.
[[nodiscard]] Vector response_of(const SmoothMap& map, const Vector& x);
[[nodiscard]] Vector slope_of(const SmoothMap& map, const Vector& x);
[[nodiscard]] Vector curvature_of(const SmoothMap& map, const Vector& x);

/// What φ and φ' are off by at most, for every coordinate.
[[nodiscard]] Vector response_error(const SmoothMap& map, const Vector& x);
[[nodiscard]] Vector slope_error(const SmoothMap& map, const Vector& x);

/// A bound of |φ''| between x_j − r and x_j + r, for every j.
[[nodiscard]] Vector curvature_bound(const SmoothMap& map, const Vector& x, double r);

/// F(x).
[[nodiscard]] Vector residual_of(const SmoothMap& map, const Vector& x);

/// F'(x) = −1 + W diag φ'(x).
[[nodiscard]] Matrix jacobian_of(const SmoothMap& map, const Vector& x);

}  // namespace heddle
