#pragma once

#include <string>
#include <vector>

#include "heddle/equations/expression.hpp"

namespace heddle {

/// Means of one order that formulas call.
struct MeanCall {
    Operation operation;
    int order;
    auto operator<=>(const MeanCall&) const = default;
};

/// Those in formulas, each once, in order.
[[nodiscard]] std::vector<MeanCall> means_in(const std::vector<Expression>& formulas);

/// c₁ … c_k of the derivative Σ c_j sʲ of order k ≥ 1 of log(1 + eˣ), s = 1 / (1 + e⁻ˣ); s is even
/// or odd about x = 0, and taken where it is small.
[[nodiscard]] std::vector<double> logistic_series(int order);

/// Coefficients of the probabilists' Hermite polynomial of a degree, from that of x⁰.
[[nodiscard]] std::vector<double> hermite_series(int degree);

/// c₀ + x (c₁ + x (…)).
[[nodiscard]] std::string horner(const std::vector<double>& series, const std::string& x);

/// The formula with means written out as sums over a fixed grid of z, for languages without
/// functions: spacing 0.4 up to 6. Relative error 1e-8 for √w ≤ 2.5, 1e-4 for √w ≤ 5; √w below 1e-6
/// counts as 1e-6 where it divides.
[[nodiscard]] Expression with_sums(const Expression& formula);

}  // namespace heddle
