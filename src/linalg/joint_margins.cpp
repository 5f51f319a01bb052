#include "linalg/joint_margins.hpp"

#include <cmath>
#include <limits>

#include "heddle/linalg/eigenvalues.hpp"
#include "heddle/linalg/eigenvectors.hpp"

namespace heddle {
namespace {

constexpr double epsilon = std::numeric_limits<double>::epsilon();
constexpr double infinite = std::numeric_limits<double>::infinity();

Complex largest_in_modulus(const ComplexVector& values) {
    Index at = 0;
    values.cwiseAbs().maxCoeff(&at);
    return values[at];
}

/// 1 / |yᴴ x| for the unit left and right eigenvectors; infinite if they are orthogonal.
double eigenvalue_condition(const Matrix& a, Complex value) {
    ComplexMatrix shifted = a.cast<Complex>();
    shifted.diagonal().array() -= value;
    const ComplexVector right = null_vector(shifted);
    const ComplexVector left = null_vector(shifted.adjoint());
    const double cosine = std::abs(left.dot(right));
    return cosine > static_cast<double>(a.rows()) * epsilon ? 1.0 / cosine : infinite;
}

}  // namespace

double whole_norm(const JointBound& bound) {
    const double a = bound.inner + bound.error;
    const double b = bound.in;
    const double c = bound.out;
    const double d = bound.rest;
    // σ_max of a 2 × 2 matrix: the mean of the lengths of the sum and difference of its halves.
    return (1.0 + 8.0 * epsilon) * 0.5 * (std::hypot(a + d, b - c) + std::hypot(a - d, b + c));
}

double product_margin(const Matrix& a, const Matrix& b) {
    return 2.0 * static_cast<double>(a.cols()) * epsilon * a.norm() * b.norm();
}

double transform_margin(Index n, double condition, double size) {
    return 4.0 * static_cast<double>(n) * epsilon * condition * size;
}

double eigenvalue_error(const Matrix& inner, const JointBound& bound) {
    const Complex value = largest_in_modulus(eigenvalues(inner));
    const double modulus = std::abs(value);
    if (modulus <= bound.rest) return infinite;
    const double rounding = static_cast<double>(inner.rows()) * epsilon * inner.norm();
    const double coupling = bound.in * bound.out / (modulus - bound.rest);
    return eigenvalue_condition(inner, value) * (bound.error + coupling + rounding);
}

}  // namespace heddle
