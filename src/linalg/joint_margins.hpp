#pragma once

#include "linalg/joint_words.hpp"

namespace heddle {

/// What a computed 2-norm is multiplied by to bound the true one: `spectral_norm` is good to 1e-10.
inline constexpr double norm_margin = 1.0 + 1e-9;

/// A bound of ‖fl(A B) − A B‖₂.
[[nodiscard]] double product_margin(const Matrix& a, const Matrix& b);

/// A bound of ‖fl(T B T⁻¹) − T B T⁻¹‖₂ for a triangular T; also covers the rounding of B by
/// products with an orthonormal basis of n dimensions. \param size ‖B‖_F or more.
[[nodiscard]] double transform_margin(Index n, double condition, double size);

/// By how much the largest |λ| of [[X, C], [R, D]] may differ from that of the approximation of X,
/// to first order: κ(λ) (error + in · out / (|λ| − rest) + rounding).
[[nodiscard]] double eigenvalue_error(const Matrix& inner, const JointBound& bound);

}  // namespace heddle
