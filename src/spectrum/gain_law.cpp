#include "heddle/spectrum/gain_law.hpp"

#include <algorithm>
#include <cmath>
#include <sstream>

#include "heddle/core/error.hpp"
#include "spectrum/target_groups.hpp"

namespace heddle {
namespace {

/// Π max(|λ|, 1)².
double strength(const ComplexVector& group) {
    return group.array().abs2().max(1.0).prod();
}

/// |f'(λ_i)| of one loop's secular function f = B(1/λ) / B(0), with ζ = 1/λ.
double slope(const ComplexVector& group, Index i) {
    const Complex z = 1.0 / group(i);
    double value = std::norm(z) / (1.0 - std::norm(z)) * std::abs(group(i));
    for (Index k = 0; k < group.size(); ++k) {
        if (k == i) continue;
        const Complex other = 1.0 / group(k);
        const double distance = std::abs(z - other) / std::abs(1.0 - std::conj(other) * z);
        value *= distance * std::abs(group(k));
    }
    return value;
}

/// Largest standard deviation of a group's targets, in units of the radius, under relative weight
/// noise 1 / √n.
double largest_shift(ComplexVector group) {
    constexpr double outside = 1.0 + 1e-3;
    for (Complex& target : group)
        if (std::abs(target) < outside) target = std::polar(outside, std::arg(target));
    const double gain = std::sqrt(strength(group) - 1.0);
    double largest = 0.0;
    for (Index i = 0; i < group.size(); ++i) {
        const double distance = std::sqrt(std::norm(group(i)) - 1.0);
        largest = std::max(largest, gain / (distance * slope(group, i)));
    }
    return largest;
}

void check_positive(double value, const char* name) {
    if (value > 0.0) return;
    std::ostringstream found;
    found << name << ": found " << value << ", expected a positive number";
    throw DomainError(found.str());
}

}  // namespace

Bulk bulk_of(const MatrixView& weights) {
    if (weights.rows() != weights.cols() || weights.rows() == 0)
        throw ShapeError("weights", "a square matrix", shape_text(weights.rows(), weights.cols()));
    if (!weights.allFinite())
        throw DomainError("weights: found NaN or infinity, expected finite numbers");
    const auto n = static_cast<double>(weights.rows());
    const double centre = weights.trace() / n;
    Matrix rest = weights;
    rest.diagonal().array() -= centre;
    return {centre, rest.norm() / std::sqrt(n)};
}

Bulk bulk_of(const SparseMatrix& weights) {
    if (weights.rows() != weights.cols() || weights.rows() == 0)
        throw ShapeError("weights", "a square matrix", shape_text(weights.rows(), weights.cols()));
    const auto n = static_cast<double>(weights.rows());
    const double centre = weights.diagonal().sum() / n;
    return {centre, std::sqrt(std::max(0.0, weights.squaredNorm() / n - centre * centre))};
}

Bulk bulk_of(const StructuredWeights& weights) {
    validate(weights);
    const auto n = static_cast<double>(weights.rows());
    const double centre = trace(weights) / n;
    return {centre, std::sqrt(std::max(0.0, squared_norm(weights) / n - centre * centre))};
}

Bulk bulk_of(const Network& network) {
    return std::visit([](const auto& weights) { return bulk_of(weights); }, network.weights);
}

double loop_gain(const ComplexVectorView& targets, Index loops, const Bulk& bulk) {
    double power = 0.0;
    for (const TargetGroup& group : deal_targets(targets, loops, bulk))
        power += strength(members(group)) - 1.0;
    return bulk.radius * std::sqrt(power);
}

double weight_noise_shift(const ComplexVectorView& targets, Index loops, const Bulk& bulk, Index n,
                          double eta) {
    double largest = 0.0;
    for (const TargetGroup& group : deal_targets(targets, loops, bulk))
        largest = std::max(largest, largest_shift(members(group)));
    return eta * bulk.radius * largest / std::sqrt(static_cast<double>(n));
}

Vector noise_shift(const VectorView& condition, double gain, const Bulk& bulk, Index n,
                   double eta) {
    const auto units = static_cast<double>(n);
    const double weights = std::sqrt(units) * std::hypot(bulk.centre, bulk.radius);
    return 3.0 * eta * std::hypot(weights, gain) / units * condition;
}

Index loops_needed(const ComplexVectorView& targets, const Bulk& bulk, Index n, double tolerance,
                   double eta, Index most) {
    check_positive(tolerance, "tolerance");
    check_positive(eta, "eta");
    if (targets.size() == 0 || bulk.radius == 0.0) return 0;
    for (Index loops = 1; loops <= std::min(most, n); ++loops) {
        const ExpectedPlacement expected = expected_placement(targets, loops, bulk, n);
        const Vector shift = noise_shift(expected.condition, expected.gain, bulk, n, eta);
        if (shift.maxCoeff() <= tolerance) return loops;
    }
    return 0;
}

}  // namespace heddle
