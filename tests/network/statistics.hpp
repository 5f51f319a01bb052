#pragma once

#include <cmath>

#include "heddle/linalg/eigenvalues.hpp"

/// Where a matrix keeps its eigenvalues, as numbers a test can compare.
namespace heddle::examples {

/// √(2 ⟨|λ|²⟩): the radius of an evenly filled disc.
inline double disc_radius(const Matrix& weights) {
    return std::sqrt(2.0 * eigenvalues(weights).cwiseAbs2().mean());
}

/// Fraction of eigenvalues within `radius` of 0.
inline double fraction_within(const ComplexVector& spectrum, double radius) {
    return (spectrum.array().abs() < radius).cast<double>().mean();
}

/// Distance from `value` to the nearest of the spectrum.
inline double distance_to(const ComplexVector& spectrum, Complex value) {
    return (spectrum.array() - value).abs().minCoeff();
}

}  // namespace heddle::examples
