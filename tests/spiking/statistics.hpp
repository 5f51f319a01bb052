#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <vector>

/// Tests of laws, with their false-alarm rates.
namespace heddle::examples {

/// √n sup |F_n − F|. It exceeds 2.69 once in 10⁶ samples (Kolmogorov: 2 exp(−2 x²)), for any n.
inline double kolmogorov(std::vector<double> sample, const std::function<double(double)>& below) {
    std::sort(sample.begin(), sample.end());
    const auto n = static_cast<double>(sample.size());
    double largest = 0.0;
    for (std::size_t i = 0; i < sample.size(); ++i) {
        const double expected = below(sample[i]);
        largest = std::max({largest, expected - static_cast<double>(i) / n,
                            static_cast<double>(i + 1) / n - expected});
    }
    return std::sqrt(n) * largest;
}

constexpr double kolmogorov_limit = 2.69;

/// (χ² − k) / √(2 k) of counts against their expectations, cells below 10 merged with their
/// successors, k the number of cells − 1. χ² exceeds k + 5 √(2k) + 12 less than once in 10⁶
/// (Laurent & Massart: k + 2 √(k x) + 2 x with x = 13.8 is the bound used).
inline bool chi_square_passes(const std::vector<double>& counts,
                              const std::vector<double>& expected) {
    double sum = 0.0, count = 0.0, mean = 0.0, cells = -1.0;
    for (std::size_t i = 0; i < counts.size(); ++i) {
        count += counts[i];
        mean += expected[i];
        if (mean < 10.0) continue;
        sum += (count - mean) * (count - mean) / mean;
        cells += 1.0;
        count = mean = 0.0;
    }
    const double x = 13.8;
    return cells > 0.0 && sum < cells + 2.0 * std::sqrt(cells * x) + 2.0 * x;
}

/// ln of the binomial probability of k among n.
inline double log_binomial(double k, double n, double p) {
    return std::lgamma(n + 1.0) - std::lgamma(k + 1.0) - std::lgamma(n - k + 1.0) +
           k * std::log(p) + (n - k) * std::log1p(-p);
}

/// How often each of 0 … n should occur among `draws` binomial numbers.
inline std::vector<double> binomial_counts(int n, double p, double draws) {
    std::vector<double> out;
    for (int k = 0; k <= n; ++k) out.push_back(draws * std::exp(log_binomial(k, n, p)));
    return out;
}

}  // namespace heddle::examples
