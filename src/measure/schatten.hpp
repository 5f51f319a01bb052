#pragma once

#include <vector>

#include "heddle/linalg/types.hpp"

namespace heddle {

/// A smooth stand-in for the logarithm of a spectral norm, never below it:
///
///     ln ‖X‖_16 = 1/16 ln tr (XᵀX)⁸ ,   ∂/∂X = X (XᵀX)⁷ / tr (XᵀX)⁸
struct SchattenNorm {
    double value;     ///< −∞ for X = 0, +∞ if X is not finite.
    Matrix gradient;  ///< Shape of X; zero for X = 0, empty if X is not finite.
};

/// \cost Five products of the smaller dimension's size, and two with X.
[[nodiscard]] SchattenNorm schatten_norm(const Matrix& x);

/// ln (Σ e^{16 v_i})^{1/16}, the norm of all together, and the weights of the parts in its
/// gradient.
struct JoinedNorm {
    double value;
    Vector weights;
};
[[nodiscard]] JoinedNorm join_norms(const std::vector<SchattenNorm>& parts);

}  // namespace heddle
