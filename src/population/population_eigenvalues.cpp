#include "heddle/population/population_eigenvalues.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "heddle/core/error.hpp"
#include "heddle/linalg/eigenvalues.hpp"
#include "network/checks.hpp"
#include "population/linear_circuit.hpp"
#include "population/zero_search.hpp"

namespace heddle {
namespace {

constexpr double furthest = 0.1;   // 1/ms: what −∞ stands for.
constexpr double piece = 0.02;     // 1/ms, of boundaries: fine for delays of many ms.
constexpr double at_rest = 1e-12;  // 1/ms: |Im λ| of what is real.

/// 1/ms.
double left_of(const LinearCircuit& circuit, const EigenvalueRegion& region) {
    const double limit = circuit.leftmost();
    if (std::isinf(region.left)) return std::max(limit, -furthest);
    if (1e-3 * region.left < limit)
        throw DomainError("left is " + number_text(region.left) +
                          " 1/s, and what a circuit does there is known right of " +
                          number_text(1e3 * limit) + " 1/s; give that, or more");
    return 1e-3 * region.left;
}

Box box_of(const LinearCircuit& circuit, const EigenvalueRegion& region) {
    const double left = left_of(circuit, region), right = 1e-3 * region.right;
    const double top = 2e-3 * std::numbers::pi * region.highest;
    if (!(right > left) || !std::isfinite(right))
        throw DomainError("right is " + number_text(region.right) +
                          " 1/s; it must be finite and above left, " + number_text(1e3 * left) +
                          " 1/s");
    if (!(top > 0.0) || std::isinf(top))
        throw DomainError("highest is " + number_text(region.highest) +
                          " Hz; it must be finite and above 0");
    // Real zeros lie inside; pairs so near to the real axis are found both.
    return {Complex(left, -7.3e-4 * top), Complex(right, top)};
}

/// Those above the real axis and on it, and the mirror images of the former; 1/s.
ComplexVector mirrored(const std::vector<Complex>& found) {
    std::vector<Complex> all;
    for (const Complex zero : found) {
        if (zero.imag() < -at_rest) continue;
        const bool real = zero.imag() <= at_rest;
        all.push_back(1e3 * (real ? Complex(zero.real()) : zero));
        if (!real) all.push_back(std::conj(all.back()));
    }
    ComplexVector values = Eigen::Map<ComplexVector>(all.data(), static_cast<Index>(all.size()));
    sort_canonically(values);
    return values;
}

Index right_of_zero(const ComplexVector& values) {
    return (values.array().real() > 0.0).count();
}

std::string rounded(double value) {
    return number_text(std::round(1e2 * value) / 1e2);
}

std::string leading(const PopulationEigenvalues& found) {
    if (found.eigenvalues.size() == 0)
        return "no eigenvalue right of " + rounded(found.left) + " 1/s";
    const Complex first = found.eigenvalues[0];
    std::string text = "the leading eigenvalue is " + rounded(first.real()) + " 1/s";
    if (first.imag() != 0.0)
        text += " at " + rounded(std::abs(first.imag()) / (2.0 * std::numbers::pi)) + " Hz";
    return text;
}

std::string statement_of(const PopulationEigenvalues& found) {
    std::string text =
        found.stable ? "stable"
                     : "unstable, " + std::to_string(found.unstable) + " eigenvalues right of 0";
    text += "; " + leading(found);
    if (const Index missed = found.counted - found.eigenvalues.size(); missed > 0)
        text += "; " + std::to_string(missed) + " of " + std::to_string(found.counted) +
                " in the region were not told apart";
    else if (!found.complete)
        text += "; " + std::to_string(found.unstable - right_of_zero(found.eigenvalues)) +
                " of the unstable ones lie outside the region, further right or at higher "
                "frequencies";
    return text;
}

}  // namespace

PopulationEigenvalues population_eigenvalues(const Circuit& circuit, const EigenvalueRegion& region,
                                             const LinearOptions& options) {
    const LinearCircuit linear(circuit, options);
    const Box box = box_of(linear, region);
    const std::function<Complex(Complex)> f = [&](Complex rate) { return linear.entire(rate); };
    const Zeros zeros = zeros_in(f, box, piece);
    PopulationEigenvalues found{};
    for (const Population& population : circuit.populations) found.names.push_back(population.name);
    found.rates = linear.rates();
    found.eigenvalues = mirrored(zeros.found);
    found.residual = found.eigenvalues
                         .unaryExpr([&](Complex value) {
                             return Complex(1e3 * distance_to_zero(f, 1e-3 * value, 1e-2));
                         })
                         .real();
    found.left = 1e3 * box.low.real();
    const auto missed = zeros.counted - static_cast<Index>(zeros.found.size());
    found.counted = found.eigenvalues.size() + missed;
    found.unstable = linear.unstable();
    found.stable = found.unstable == 0;
    found.complete = missed == 0 && right_of_zero(found.eigenvalues) == found.unstable;
    found.assumptions = linear.assumptions();
    found.statement = statement_of(found);
    return found;
}

}  // namespace heddle
