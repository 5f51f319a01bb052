#include "equations/interval.hpp"

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <numbers>

#include "network/smoothed.hpp"

namespace heddle {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

double below(double x) {
    return std::nextafter(x, -infinity);
}
double above(double x) {
    return std::nextafter(x, infinity);
}

/// Ends that a function returned with a relative error of at most `error`. A lower end of 0 is
/// exact, or what underflowed from above.
Interval widened(double from, double to, double error) {
    return {std::isinf(from) || from == 0.0 ? from : below(from - error * std::abs(from)),
            std::isinf(to) ? to : above(to + error * std::abs(to))};
}

/// Of exp, log, tanh, pow: the C library's are off by less than 4 units in the last place.
constexpr double elementary = 1e-15;
/// 0 · ∞ is 0: no end is ever reached.
double product(double a, double b) {
    return a == 0.0 || b == 0.0 ? 0.0 : a * b;
}

Interval hull(std::initializer_list<double> values, double error) {
    return widened(std::min(values), std::max(values), error);
}

Interval whole_power(const Interval& x, int exponent) {
    if (exponent == 1) return x;
    const double a = std::pow(x.least, exponent);
    const double b = std::pow(x.most, exponent);
    if (exponent % 2 != 0) return widened(a, b, elementary);
    if (x.holds(0.0)) return {0.0, widened(0.0, std::max(a, b), elementary).most};
    return hull({a, b}, elementary);
}

Interval inverse(const Interval& x) {
    if (x.least > 0.0 || x.most < 0.0) return {below(1.0 / x.most), above(1.0 / x.least)};
    if (x.least == 0.0 && x.most > 0.0) return {below(1.0 / x.most), infinity};
    if (x.most == 0.0 && x.least < 0.0) return {-infinity, above(1.0 / x.least)};
    return Interval::everything();
}

Interval raised(const Interval& x, double exponent) {
    if (exponent == std::round(exponent) && std::abs(exponent) < 64.0) {
        const int whole = static_cast<int>(exponent);
        return whole > 0 ? whole_power(x, whole) : inverse(whole_power(x, -whole));
    }
    // Of what may be negative by rounding, the part that is not.
    const double from = std::max(x.least, 0.0);
    const double to = std::max(x.most, 0.0);
    const Interval power =
        widened(std::pow(from, std::abs(exponent)), std::pow(to, std::abs(exponent)), elementary);
    const Interval positive(std::max(power.least, 0.0), power.most);
    return exponent > 0.0 ? positive : inverse(positive);
}

Interval hyperbolic_tangent(const Interval& x) {
    const Interval found = widened(std::tanh(x.least), std::tanh(x.most), elementary);
    return {std::max(found.least, -1.0), std::min(found.most, 1.0)};
}

Interval normal_below(const Interval& x) {
    const auto value = [](double at) { return 0.5 * std::erfc(-at / std::numbers::sqrt2); };
    const Interval found = widened(value(x.least), value(x.most), 1e-14);
    return {std::max(found.least, 0.0), std::min(found.most, 1.0)};
}

/// u and w to the middle, and how far they reach from there.
struct Around {
    double u, w, reach_u, reach_w;
};

Around around(const Interval& u, const Interval& w) {
    const double m = u.middle(), v = std::max(0.0, w.middle());
    return {m, v, above(std::max(u.most - m, m - u.least)),
            above(std::max(w.most - v, v - std::max(w.least, 0.0)))};
}

/// By the mean value theorem and bounds of derivatives: |∂/∂u| ≤ B_{k+1}, |∂/∂w| ≤ B_{k+2} / 2.
Interval softplus_of(int order, const Interval& u, const Interval& given) {
    const Interval w(std::max(given.least, 0.0), std::max(given.most, 0.0));
    if (order == 0) {  // Rises with both.
        const double most =
            u.most == infinity || w.most == infinity ? infinity : softplus_mean(0, u.most, w.most);
        const double least = u.least == -infinity ? 0.0 : softplus_mean(0, u.least, w.least);
        const double rounding =
            std::isinf(most) ? 0.0 : softplus_error(0) * (1.0 + std::sqrt(w.most));
        return {std::max(0.0, below(least - rounding)), above(most + rounding)};
    }
    const double bound = softplus_bound(order);
    const double lower = order <= 2 ? 0.0 : -bound;  // σ and σ' are positive.
    if (!u.bounded() || !w.bounded()) return {lower, bound};
    const Around at = around(u, w);
    const double reach =
        above(at.reach_u * softplus_bound(order + 1) +
              at.reach_w * 0.5 * softplus_bound(order + 2) + softplus_error(order) * bound);
    const double middle = softplus_mean(order, at.u, at.w);
    return {std::max(lower, below(middle - reach)), std::min(bound, above(middle + reach))};
}

/// Ends of u / √w.
Interval ratio(const Interval& u, const Interval& w) {
    return u * raised(w, -0.5);
}

Interval density_of(const Interval& x) {
    const auto value = [](double at) {
        return std::exp(-0.5 * at * at) / std::sqrt(2.0 * std::numbers::pi);
    };
    const double least = std::min(value(x.least), value(x.most));
    const double most = x.holds(0.0) ? value(0.0) : std::max(value(x.least), value(x.most));
    const Interval found = widened(least, most, 1e-14);
    return {std::max(found.least, 0.0), found.most};
}

Interval rectified_of(int order, const Interval& u, const Interval& given) {
    const Interval w(std::max(given.least, 0.0), std::max(given.most, 0.0));
    if (order == 0) {  // Rises with both.
        const double most =
            u.most == infinity || w.most == infinity ? infinity : rectified_mean(0, u.most, w.most);
        const double least = u.least == -infinity ? 0.0 : rectified_mean(0, u.least, w.least);
        const double rounding = std::isinf(most) ? 0.0 : 1e-13 * (u.size() + std::sqrt(w.most));
        return {std::max(0.0, below(least - rounding)), above(most + rounding)};
    }
    if (order == 1 && w.most == 0.0) return {u.least > 0.0 ? 1.0 : 0.0, u.most > 0.0 ? 1.0 : 0.0};
    if (!w.bounded() || w.least == 0.0)
        return order == 1   ? Interval(0.0, 1.0)
               : order == 2 ? Interval(0.0, infinity)
                            : Interval::everything();
    const Interval x = ratio(u, w);
    if (order == 1) return normal_below(x);
    Interval before = 0.0, now = 1.0;  // Hermite polynomials.
    for (int k = 0; k < order - 2; ++k) {
        const Interval next = x * now - Interval(static_cast<double>(k)) * before;
        before = now;
        now = next;
    }
    const Interval signed_one(order % 2 == 0 ? 1.0 : -1.0);
    return signed_one * now * density_of(x) * raised(w, -0.5 * (order - 1));
}

}  // namespace

double Interval::middle() const {
    if (bounded()) return least + 0.5 * (most - least);
    return std::isfinite(least) ? least : std::isfinite(most) ? most : 0.0;
}

bool Interval::bounded() const {
    return std::isfinite(least) && std::isfinite(most);
}

double Interval::size() const {
    return std::max(std::abs(least), std::abs(most));
}

Interval operator+(const Interval& a, const Interval& b) {
    return {below(a.least + b.least), above(a.most + b.most)};
}

Interval operator-(const Interval& a, const Interval& b) {
    return {below(a.least - b.most), above(a.most - b.least)};
}

Interval operator*(const Interval& a, const Interval& b) {
    const auto values = {product(a.least, b.least), product(a.least, b.most),
                         product(a.most, b.least), product(a.most, b.most)};
    const double least = std::min(values), most = std::max(values);
    return {least == 0.0 ? 0.0 : below(least), most == 0.0 ? 0.0 : above(most)};
}

Interval common(const Interval& a, const Interval& b, bool& empty) {
    const Interval found(std::max(a.least, b.least), std::min(a.most, b.most));
    empty = !(found.least <= found.most);
    return found;
}

Interval interval_step(const Tape::Step& step, const std::uint32_t* parts,
                       const std::vector<Interval>& values) {
    const Interval& x = values[parts[0]];
    switch (step.operation) {
        case Operation::sum: {
            Interval sum = x;
            for (std::uint32_t i = 1; i < step.count; ++i) sum = sum + values[parts[i]];
            return sum;
        }
        case Operation::product: {
            Interval all = x;
            for (std::uint32_t i = 1; i < step.count; ++i) all = all * values[parts[i]];
            return all;
        }
        case Operation::power:
            return raised(x, step.value);
        case Operation::exponential: {
            const Interval found = widened(std::exp(x.least), std::exp(x.most), elementary);
            return {std::max(found.least, 0.0), found.most};
        }
        case Operation::logarithm:
            return widened(x.least > 0.0 ? std::log(x.least) : -infinity,
                           x.most > 0.0 ? std::log(x.most) : infinity, elementary);
        case Operation::hyperbolic_tangent:
            return hyperbolic_tangent(x);
        case Operation::absolute:
            return {x.holds(0.0) ? 0.0 : std::min(std::abs(x.least), std::abs(x.most)), x.size()};
        case Operation::sign:
            return {x.least > 0.0    ? 1.0
                    : x.least == 0.0 ? 0.0
                                     : -1.0,
                    x.most < 0.0    ? -1.0
                    : x.most == 0.0 ? 0.0
                                    : 1.0};
        case Operation::normal_below:
            return normal_below(x);
        case Operation::softplus_mean:
            return softplus_of(step.order, x, values[parts[1]]);
        case Operation::rectified_mean:
            return rectified_of(step.order, x, values[parts[1]]);
        default:
            return Interval::everything();
    }
}

}  // namespace heddle
