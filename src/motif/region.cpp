#include "motif/region.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>
#include <vector>

namespace heddle {
namespace {

/// Held a little further inside than asked, so that rounding and the solver's tolerance stay
/// within.
constexpr double margin = 1e-7;

std::vector<Index> by_frequency(const VectorView& theta) {
    const Index q = theta.size() / 2;
    std::vector<Index> order(static_cast<std::size_t>(q));
    std::iota(order.begin(), order.end(), Index{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](Index a, Index b) { return theta(q + a) < theta(q + b); });
    return order;
}

}  // namespace

Region::Region(const FitOptions& options, double step)
    : options_(options), reach_(std::min(options.reach, 0.5 * std::numbers::pi / step)) {}

Vector Region::lower(Index pairs) const {
    Vector bound(2 * pairs);
    bound << Vector::Constant(pairs, -options_.fastest_decay),
        Vector::Constant(pairs, 0.5 * options_.separation + margin);
    return bound;
}

Vector Region::upper(Index pairs) const {
    Vector bound(2 * pairs);
    bound << Vector::Zero(pairs), Vector::Constant(pairs, std::max(reach_, options_.separation));
    return bound;
}

double Region::gain(const VectorView& theta, double* slope) const {
    const Index q = theta.size() / 2;
    const double square = options_.radius * options_.radius;
    const std::vector<Index> order = by_frequency(theta);
    std::vector<double> product(static_cast<std::size_t>(options_.loops), 1.0);
    const auto size = [&](Index m) {
        return (std::pow(1.0 + theta(m), 2) + std::pow(theta(q + m), 2)) / square;
    };
    for (std::size_t i = 0; i < order.size(); ++i)
        product[i % product.size()] *= std::pow(std::max(1.0, size(order[i])), 2);
    double power = 0.0;
    for (const double value : product) power += value - 1.0;
    for (std::size_t i = 0; slope != nullptr && i < order.size(); ++i) {
        const Index m = order[i];
        if (size(m) <= 1.0) continue;
        const double share = 2.0 * product[i % product.size()] / size(m) / square;
        slope[m] += share * 2.0 * (1.0 + theta(m));
        slope[q + m] += share * 2.0 * theta(q + m);
    }
    return power;
}

void Region::inequalities(const VectorView& theta, double* values, double* jacobian) const {
    const Index q = theta.size() / 2;
    if (jacobian != nullptr) std::fill(jacobian, jacobian + inequalities(q) * 2 * q, 0.0);
    Index row = 0;
    for (Index i = 0; i < q; ++i)
        for (Index j = 0; j < i; ++j, ++row) {
            const double real = theta(i) - theta(j), imaginary = theta(q + i) - theta(q + j);
            const double distance = std::hypot(real, imaginary);
            values[row] = options_.separation + margin - distance;
            if (jacobian == nullptr || distance == 0.0) continue;
            double* slope = jacobian + row * 2 * q;
            slope[i] = -real / distance;
            slope[j] = real / distance;
            slope[q + i] = -imaginary / distance;
            slope[q + j] = imaginary / distance;
        }
    const double most = std::pow(options_.most_gain / options_.radius, 2);
    double* slope = jacobian == nullptr ? nullptr : jacobian + row * 2 * q;
    values[row] = gain(theta, slope) / most - 1.0 + margin;
    if (slope != nullptr)
        for (Index m = 0; m < 2 * q; ++m) slope[m] /= most;
}

Vector Region::inside(const VectorView& theta) const {
    const Index q = theta.size() / 2;
    const Vector low = lower(q), high = upper(q);
    Vector clipped(2 * q);
    Index k = 0;
    for (const Index m : by_frequency(theta)) {
        clipped(k) = theta(m);
        clipped(q + k++) = theta(q + m);
    }
    clipped = clipped.cwiseMax(low).cwiseMin(high);
    const double apart = options_.separation + 2.0 * margin;
    for (Index i = 1; i < q; ++i)
        for (Index j = 0; j < i; ++j) {
            const double across = std::abs(clipped(i) - clipped(j));
            if (across >= apart) continue;
            clipped(q + i) = std::max(clipped(q + i),
                                      clipped(q + j) + std::sqrt(apart * apart - across * across));
        }
    return clipped;
}

double Region::violation(const VectorView& theta) const {
    const Index q = theta.size() / 2;
    Vector values(inequalities(q));
    inequalities(theta, values.data(), nullptr);
    return std::max(
        {values.maxCoeff() - margin, (lower(q) - theta).maxCoeff(), (theta - upper(q)).maxCoeff()});
}

ComplexVector eigenvalues_of(const VectorView& theta) {
    const Index q = theta.size() / 2;
    ComplexVector values(q);
    values.real() = 1.0 + theta.head(q).array();
    values.imag() = theta.tail(q);
    return values;
}

double separation_of(const ComplexVectorView& upper) {
    double least = std::numeric_limits<double>::infinity();
    for (Index i = 0; i < upper.size(); ++i) {
        least = std::min(least, 2.0 * upper(i).imag());
        for (Index j = 0; j < i; ++j) least = std::min(least, std::abs(upper(i) - upper(j)));
    }
    return least;
}

}  // namespace heddle
