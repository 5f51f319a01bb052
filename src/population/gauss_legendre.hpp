#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <numbers>

namespace heddle {

/// Gauss and Legendre's rule with n nodes: ∫₀¹ p(u) du = Σ weight p(node) for degree p < 2 n.
template <std::size_t n>
struct GaussLegendre {
    std::array<double, n> node;    ///< In (0, 1), rising.
    std::array<double, n> weight;  ///< Their sum is 1.
};

/// P_n(x) and its derivative, |x| < 1.
struct LegendreValue {
    double value;
    double slope;
};

[[nodiscard]] inline LegendreValue legendre(std::size_t n, double x) {
    double before = 1.0, value = x;
    for (std::size_t k = 2; k <= n; ++k) {
        const auto degree = static_cast<double>(k);
        const double next = ((2.0 * degree - 1.0) * x * value - (degree - 1.0) * before) / degree;
        before = value;
        value = next;
    }
    return {value, static_cast<double>(n) * (x * value - before) / (x * x - 1.0)};
}

/// Nodes by Newton's method from their asymptotic places; n even.
template <std::size_t n>
[[nodiscard]] GaussLegendre<n> gauss_legendre() {
    static_assert(n % 2 == 0);
    GaussLegendre<n> rule{};
    for (std::size_t i = 0; i < n / 2; ++i) {
        const double turn = (static_cast<double>(i) + 0.75) / (static_cast<double>(n) + 0.5);
        double x = std::cos(std::numbers::pi * turn);
        for (int step = 0; step < 6; ++step) {
            const LegendreValue p = legendre(n, x);
            x -= p.value / p.slope;
        }
        const double slope = legendre(n, x).slope;
        const double weight = 1.0 / ((1.0 - x * x) * slope * slope);
        rule.node[i] = 0.5 * (1.0 - x);
        rule.node[n - 1 - i] = 0.5 * (1.0 + x);
        rule.weight[i] = rule.weight[n - 1 - i] = weight;
    }
    return rule;
}

}  // namespace heddle
