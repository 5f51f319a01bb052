#include "population/siegert_integrals.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "population/gauss_legendre.hpp"

namespace heddle {
namespace {

constexpr double inverse_root_pi = std::numbers::inv_sqrtpi;
constexpr double negligible = 40.0;  // e^{−40} of the whole is below the last digit.
constexpr double far_below = 30.0;   // Here seven terms of the asymptotic series are exact.

/// Sums of the integrands.
struct Sum {
    double value = 0.0;
    double slope = 0.0;
    double moment = 0.0;
    double bend = 0.0;

    void add(double weight, const Sum& other) {
        value += weight * other.value;
        slope += weight * other.slope;
        moment += weight * other.moment;
        bend += weight * other.bend;
    }
};

/// At x = high − distance ≥ 0, damped.
Sum above_at(double high, double distance, double damping) {
    const double x = high - distance;
    const double f = std::exp(-distance * (x + high)) * (1.0 + std::erf(x));
    const double flat = 2.0 * inverse_root_pi * damping;
    const double slope = 2.0 * x * f + flat;
    const double moment = f + x * slope;
    return {f, slope, moment, slope + 2.0 * x * moment};
}

/// Over the part of (high − width, high) above zero; what e^{x² − high²} makes negligible is left
/// out.
Sum above(double high, double width, double damping) {
    static const auto rule = gauss_legendre<32>();
    const double room = high * high - negligible;
    const double needed = room > 0.0 ? negligible / (high + std::sqrt(room)) : high;
    const double part = std::min({width, high, needed});
    Sum sum;
    for (std::size_t i = 0; i < rule.node.size(); ++i)
        sum.add(part * rule.weight[i], above_at(high, part * rule.node[i], damping));
    return sum;
}

Sum below_at(double y) {
    const RepeatedErfc g = repeated_erfc(y);
    return {g.g0, 2.0 * g.g1, 4.0 * g.g2, 2.0 * g.g1 - 8.0 * y * g.g2};
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
        for (std::size_t i = 0; i < rule.node.size(); ++i)
            sum.add(part * rule.weight[i], below_at(start + part * rule.node[i]));
        start += part;
        width -= part;
    }
    if (width > 0.0) sum.add(inverse_root_pi, tail(start, width));
    return sum;
}

}  // namespace

RepeatedErfc repeated_erfc(double y) {
    if (y < 2.0) {
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
