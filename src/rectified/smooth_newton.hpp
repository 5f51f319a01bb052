#pragma once

#include <vector>

#include "rectified/damped_newton.hpp"
#include "rectified/smooth_map.hpp"

namespace heddle {

/// `damped_newton`, compiled once.
[[nodiscard]] Search newton(const SmoothMap& map, Vector x, const std::vector<Vector>& known,
                            Index most_steps);

/// Descent of |F|² / 2 from x by Newton's method on it, damped as by Levenberg and Marquardt.
struct Descent {
    Vector x;
    bool converged;          ///< Where the gradient vanishes.
    double gradient;         ///< |Jᵀ F|₂.
    double least_curvature;  ///< Least eigenvalue of the Hessian, where converged.
    Index factorisations;
};
[[nodiscard]] Descent descend(const SmoothMap& map, Vector x, Index most_steps);

}  // namespace heddle
