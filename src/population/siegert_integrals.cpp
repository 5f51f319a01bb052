#include "population/siegert_integrals.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "population/gauss_legendre.hpp"
#include "population/siegert_kernels.hpp"

namespace heddle {
namespace {

constexpr double inverse_root_pi = std::numbers::inv_sqrtpi;
constexpr double negligible = 40.0;  // e^{−40} of the whole is below the last digit.
constexpr double far_below = 30.0;   // Here seven terms of the asymptotic series are exact.

using Sum = kernels::SiegertSum;

/// (1 + 2 y)^{n+1} g_n(y) interpolated at the zeros of T_terms.
kernels::ErfcSeries erfc_series() {
    constexpr std::size_t terms = kernels::ErfcSeries::terms;
    const auto angle = [](std::size_t j) {
        return std::numbers::pi * (static_cast<double>(j) + 0.5) / terms;
    };
    kernels::ErfcSeries series{};
    for (std::size_t j = 0; j < terms; ++j) {
        const double half = 0.5 * angle(j);  // (1 + t) / (1 − t) = cot²(angle / 2).
        const double y = 3.0 / (std::tan(half) * std::tan(half));
        const double scale = 1.0 + 2.0 * y;
        const RepeatedErfc g = repeated_erfc(y);
        const std::array values{g.g0 * scale, g.g1 * scale * scale, g.g2 * scale * scale * scale};
        for (std::size_t n = 0; n < values.size(); ++n)
            for (std::size_t k = 0; k < terms; ++k)
                series.of[n][k] +=
                    2.0 / terms * values[n] * std::cos(static_cast<double>(k) * angle(j));
    }
    return series;
}

const kernels::ErfcSeries& series() {
    static const kernels::ErfcSeries found = erfc_series();
    return found;
}

/// Over the part of (high − width, high) above zero; what e^{x² − high²} makes negligible is left
/// out.
Sum above(double high, double width, double damping) {
    static const auto rule = gauss_legendre<32>();
    const double room = high * high - negligible;
    const double needed = room > 0.0 ? negligible / (high + std::sqrt(room)) : high;
    const double part = std::min({width, high, needed});
    Sum sum;
    sum.add(part, kernels::siegert_above({rule.node, rule.weight}, series(), high, part, damping));
    return sum;
}

/// Over −y in (start, start + width), start ≥ `far_below`: term by term of
/// √π f(−y) = Σ c_n y^{−2n−1}, c_n = (−1)ⁿ (2n − 1)!! / 2ⁿ. To be divided by √π.
Sum tail(double start, double width) {
    const double logarithm = std::log1p(width / start);
    const auto fall = [&](double power) {  // start^{−p} − (start + width)^{−p}
        return -std::pow(start, -power) * std::expm1(-power * logarithm);
    };
    Sum sum{logarithm, fall(1.0), 0.0, 0.0};
    double c = 1.0;
    for (int n = 1; n <= 7; ++n) {
        const double twice = 2.0 * n;
        c *= -0.5 * (twice - 1.0);
        sum.value += c * fall(twice) / twice;
        sum.slope += c * fall(twice + 1.0);
        sum.moment -= c * fall(twice);
        sum.bend += 2.0 * c * fall(twice - 1.0);
    }
    return sum;
}

/// Over −y in (start, start + width), start ≥ 0, in panels that grow with y as what they hold
/// flattens.
Sum below(double start, double width) {
    static const auto rule = gauss_legendre<16>();
    Sum sum;
    while (width > 0.0 && start < far_below) {
        const double part = std::min(width, start + 2.0);
        sum.add(part, kernels::siegert_below({rule.node, rule.weight}, series(), start, part));
        start += part;
        width -= part;
    }
    if (width > 0.0) sum.add(inverse_root_pi, tail(start, width));
    return sum;
}

}  // namespace

RepeatedErfc repeated_erfc(double y) {
    if (y < 0.5) {  // Above, differences would lose digits.
        const double square = y * y;
        const double rest = std::fma(y, y, -square);
        const double g0 = std::exp(square) * (1.0 + rest) * std::erfc(y);
        const double g1 = inverse_root_pi - y * g0;
        return {g0, g1, 0.25 * g0 - 0.5 * y * g1};
    }
    // Ratios g_n / g_{n−1} = 1 / (2 y + 2 (n + 1) g_{n+1} / g_n), from far enough down.
    const int last = 12 + static_cast<int>(200.0 / (y * y));
    double ratio = 1.0 / (y + std::sqrt(y * y + 2.0 * last));
    double first = 0.0, second = 0.0;
    for (int n = last; n >= 0; --n) {
        second = first;
        first = ratio;
        ratio = 1.0 / (2.0 * y + 2.0 * (n + 1.0) * ratio);
    }
    const double g0 = 2.0 * inverse_root_pi * ratio;
    return {g0, g0 * first, g0 * first * second};
}

SiegertIntegrals siegert_integrals(double high, double width) {
    const double top = std::max(high, 0.0);
    const double damping = std::exp(-top * top);
    Sum sum;
    if (high > 0.0) sum = above(high, width, damping);
    if (width > top && damping > 0.0) sum.add(damping, below(std::max(-high, 0.0), width - top));
    return {sum.value, sum.slope, sum.moment, sum.bend, damping};
}

}  // namespace heddle
