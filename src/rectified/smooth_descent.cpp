#include <cmath>
#include <limits>

#include "linalg/lu.hpp"
#include "linalg/symmetric_eigen.hpp"
#include "rectified/smooth_newton.hpp"

namespace heddle {
namespace {

constexpr double flat = 1e-10;  ///< Of its bound: where the gradient counts as zero.

/// |F|² / 2 at a state, with its derivatives.
struct Landscape {
    double value;
    Vector gradient;  ///< Jᵀ F.
    Matrix hessian;   ///< Jᵀ J + diag(φ'' (Wᵀ F)).
    double scale;     ///< (‖W‖_F + √n) |F|₂, which bounds the gradient.
};

Landscape landscape_at(const SmoothMap& map, const Vector& x) {
    const Vector f = residual_of(map, x);
    const Matrix jacobian = jacobian_of(map, x);
    Landscape at{0.5 * f.squaredNorm(), jacobian.transpose() * f, Matrix(), 0.0};
    at.hessian.setZero(map.size(), map.size());
    at.hessian.selfadjointView<Eigen::Lower>().rankUpdate(jacobian.transpose());
    at.hessian.triangularView<Eigen::StrictlyUpper>() = at.hessian.transpose();
    at.hessian.diagonal() += curvature_of(map, x).cwiseProduct(map.w.transpose() * f);
    at.scale = (map.w.norm() + std::sqrt(static_cast<double>(map.size()))) * f.norm();
    return at;
}

Vector damped_step(const Landscape& at, double damping) {
    Matrix shifted = at.hessian;
    shifted.diagonal().array() += damping;
    return -Lu(std::move(shifted)).solve(at.gradient);
}

}  // namespace

Descent descend(const SmoothMap& map, Vector x, Index most_steps) {
    Descent descent{std::move(x), false, 0.0, std::numeric_limits<double>::quiet_NaN(), 0};
    Landscape at = landscape_at(map, descent.x);
    double damping = 1e-3;
    for (Index i = 0; i < most_steps && damping < 1e8; ++i) {
        if (at.gradient.norm() <= flat * at.scale) break;
        const Vector step = damped_step(at, damping);
        ++descent.factorisations;
        const Vector next = descent.x + step;
        const double value = 0.5 * residual_of(map, next).squaredNorm();
        const bool downhill = at.gradient.dot(step) < 0.0;
        if (!downhill || !(value < at.value)) {
            damping *= 8.0;
            continue;
        }
        descent.x = next;
        damping = std::max(damping / 4.0, 1e-12);
        at = landscape_at(map, descent.x);
    }
    descent.gradient = at.gradient.norm();
    descent.converged = descent.gradient <= 1e3 * flat * at.scale;
    if (descent.converged) {
        Matrix hessian = at.hessian;
        descent.least_curvature = symmetric_eigen(hessian, "the Hessian of |F|²")[0];
    }
    return descent;
}

}  // namespace heddle
