#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>

namespace heddle {
namespace binomial {

/// By summing the law from 0 on: p ≤ 1/2, n p < 10.
template <class Stream>
std::int64_t by_search(Stream& stream, double n, double p) {
    const double odds = p / (1.0 - p);
    constexpr double least = 1e-18;  // What is left of the law beyond is lost in rounding.
    double probability = std::exp(n * std::log1p(-p));
    double rest = stream.uniform();
    double k = 0.0;
    while (rest > probability && probability > least) {
        rest -= probability;
        k += 1.0;
        probability *= ((n + 1.0) / k - 1.0) * odds;
    }
    return static_cast<std::int64_t>(std::min(k, n));
}

/// ln k! − [(k + ½) ln(k + 1) − (k + 1) + ½ ln 2π].
inline double stirling_rest(double k) {
    if (k < 10.0) {
        double factorial = 1.0;
        for (double i = 2.0; i <= k; ++i) factorial *= i;
        return std::log(factorial) - (k + 0.5) * std::log(k + 1.0) + (k + 1.0) -
               0.5 * std::log(2.0 * std::numbers::pi);
    }
    const double square = (k + 1.0) * (k + 1.0);
    return (1.0 / 12.0 - (1.0 / 360.0 - 1.0 / 1260.0 / square) / square) / (k + 1.0);
}

/// The ln of P(k) / P(mode), P the binomial law; mode = ⌊(n + 1) p⌋, r = p / (1 − p).
inline double log_ratio(double k, double mode, double n, double r) {
    return (mode + 0.5) * std::log((mode + 1.0) / (r * (n - mode + 1.0))) +
           (n + 1.0) * std::log((n - mode + 1.0) / (n - k + 1.0)) +
           (k + 0.5) * std::log(r * (n - k + 1.0) / (k + 1.0)) + stirling_rest(mode) +
           stirling_rest(n - mode) - stirling_rest(k) - stirling_rest(n - k);
}

/// By transformed rejection: p ≤ 1/2, n p ≥ 10.
template <class Stream>
std::int64_t by_rejection(Stream& stream, double n, double p) {
    const double deviation = std::sqrt(n * p * (1.0 - p));
    const double b = 1.15 + 2.53 * deviation;
    const double a = -0.0873 + 0.0248 * b + 0.01 * p;
    const double alpha = (2.83 + 5.1 / b) * deviation;
    const double mode = std::floor((n + 1.0) * p);
    for (;;) {
        const double u = stream.uniform() - 0.5, v = stream.uniform();
        const double us = 0.5 - std::abs(u);
        const double k = std::floor((2.0 * a / us + b) * u + n * p + 0.5);
        if (us >= 0.07 && v <= 0.92 - 4.2 / b) return static_cast<std::int64_t>(k);
        if (k < 0.0 || k > n) continue;
        if (std::log(v * alpha / (a / (us * us) + b)) <= log_ratio(k, mode, n, p / (1.0 - p)))
            return static_cast<std::int64_t>(k);
    }
}

}  // namespace binomial

/// An exact draw of the number of successes among `trials` of probability p, from a stream whose
/// `uniform()` is the next number in (0, 1). \cost O(1).
/// \see Hörmann (1993), J Stat Comput Simul 46:101 (algorithm BTRS); inversion for a mean below 10.
template <class Stream>
[[nodiscard]] std::int64_t draw_binomial(Stream& stream, std::int64_t trials, double p) {
    if (trials <= 0 || p <= 0.0) return 0;
    if (p >= 1.0) return trials;
    if (p > 0.5) return trials - draw_binomial(stream, trials, 1.0 - p);
    const auto n = static_cast<double>(trials);
    return n * p < 10.0 ? binomial::by_search(stream, n, p) : binomial::by_rejection(stream, n, p);
}

}  // namespace heddle
