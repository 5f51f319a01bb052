#pragma once

#include <functional>
#include <optional>

#include "heddle/linalg/types.hpp"

namespace heddle {

/// m equations for m + 1 unknowns, in units in which these are of order 1.
struct CurveEquations {
    std::function<Vector(const Vector&)> residual;  ///< Shape (m,).
    std::function<Matrix(const Vector&)> slope;     ///< Shape (m, m + 1).
};

/// A point of the curve and the unit direction in which it goes on.
struct CurvePoint {
    Vector y;
    Vector tangent;
};

/// Newton's method for the equations and directionᵀ (y − guess) = 0, then the tangent that agrees
/// with `direction`. Nothing if it does not converge.
[[nodiscard]] std::optional<CurvePoint> correct(const CurveEquations& equations,
                                                const Vector& guess, const Vector& direction);

/// A step along the curve: as long as `step`, or shorter until it converges and turns by less than
/// 20°. Lengthens `step` after easy ones, to at most `longest`.
[[nodiscard]] std::optional<CurvePoint> advance(const CurveEquations& equations,
                                                const CurvePoint& from, double& step,
                                                double longest);

/// The point between two of a step at which `test` is 0, of different signs at the two. By regula
/// falsi (Illinois).
[[nodiscard]] std::optional<CurvePoint> zero_between(
    const CurveEquations& equations, const CurvePoint& a, const CurvePoint& b,
    const std::function<double(const CurvePoint&)>& test);

/// Central differences, for slopes that have no formula: ∂ value / ∂ y.
[[nodiscard]] Matrix differences(const std::function<Vector(const Vector&)>& value,
                                 const Vector& y);

}  // namespace heddle
