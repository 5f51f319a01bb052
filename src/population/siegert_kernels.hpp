#pragma once

#include <array>
#include <cstddef>

namespace heddle::kernels {

/// Series of Chebyshev polynomials in t = (y − 3) / (y + 3) for (1 + 2 y)^{n+1} g_n(y), y ≥ 0, g_n
/// the scaled repeated integrals of the complementary error function: good to the last digits.
struct ErfcSeries {
    static constexpr std::size_t terms = 30;
    std::array<std::array<double, terms>, 3> of;  ///< n, then k.
};

/// Of nodes in (0, 1); so many that vectors are full.
template <std::size_t n>
struct NodeView {
    static_assert(n % 8 == 0);
    const std::array<double, n>& node;
    const std::array<double, n>& weight;
};

/// Σ weight of the integrands of `SiegertIntegrals`.
struct SiegertSum {
    double value = 0.0;
    double slope = 0.0;
    double moment = 0.0;
    double bend = 0.0;

    void add(double factor, const SiegertSum& other) {
        value += factor * other.value;
        slope += factor * other.slope;
        moment += factor * other.moment;
        bend += factor * other.bend;
    }
};

/// At x = high − part · node ≥ 0, all times `damping` = e^{−high²}.
[[nodiscard]] SiegertSum siegert_above(const NodeView<32>& rule, const ErfcSeries& series,
                                       double high, double part, double damping);

/// At x = −(start + part · node) ≤ 0.
[[nodiscard]] SiegertSum siegert_below(const NodeView<16>& rule, const ErfcSeries& series,
                                       double start, double part);

}  // namespace heddle::kernels
