#include "population/cumulants.hpp"

#include <algorithm>
#include <cmath>

#include "population/second_moment.hpp"
#include "population/third_moment.hpp"

namespace heddle {

Cumulants& Cumulants::operator+=(const Cumulants& other) {
    mean += other.mean;
    variance += other.variance;
    third += other.third;
    return *this;
}

Cumulants Cumulants::times(double factor) const {
    return {factor * mean, factor * factor * variance, factor * factor * factor * third};
}

double Cumulants::skewness() const {
    constexpr double smallest = 1e-9;  // Of a deviation: less is rounding.
    const double deviation = std::sqrt(std::max(variance, 0.0));
    if (deviation <= smallest * (1.0 + std::abs(mean))) return 0.0;
    return third / (variance * deviation);
}

double Cumulants::second_moment() const {
    return variance + mean * mean;
}

double Cumulants::third_moment() const {
    return third + 3.0 * mean * variance + mean * mean * mean;
}

Cumulants cumulants_of(const Distribution& law) {
    const double m = mean_of(law), square = second_moment_of(law), cube = third_moment_of(law);
    return {m, std::max(0.0, square - m * m), cube - 3.0 * m * square + 2.0 * m * m * m};
}

Cumulants cumulants_of(const double* values, const double* weights, std::size_t n) {
    Cumulants sum;
    for (std::size_t i = 0; i < n; ++i) sum.mean += weights[i] * values[i];
    for (std::size_t i = 0; i < n; ++i) {
        const double away = values[i] - sum.mean;
        sum.variance += weights[i] * away * away;
        sum.third += weights[i] * away * away * away;
    }
    return sum;
}

Cumulants cumulants_of(const std::vector<double>& values) {
    const std::vector<double> weights(values.size(), 1.0 / static_cast<double>(values.size()));
    return cumulants_of(values.data(), weights.data(), values.size());
}

Cumulants binomial_cumulants(double n, double p) {
    const double variance = n * p * (1.0 - p);
    return {n * p, variance, variance * (1.0 - 2.0 * p)};
}

}  // namespace heddle
