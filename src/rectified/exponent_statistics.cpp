#include "rectified/exponent_statistics.hpp"

#include <algorithm>
#include <cmath>

namespace heddle {
namespace {

constexpr Index most_batches = 50;

/// The integrated correlation time ½ + Σ ρ(m), in samples, at least ½.
double correlation_time(const Vector& series) {
    const Index n = series.size();
    const Vector x = series.array() - series.mean();
    const double variance = x.squaredNorm();
    if (!(variance > 1e-28 * series.squaredNorm())) return 0.5;  // constant but for rounding
    double time = 0.5;
    for (Index m = 1; m < n / 2; ++m) {
        if (static_cast<double>(m) >= 5.0 * time) break;
        time += x.head(n - m).dot(x.tail(n - m)) / variance;
        time = std::max(time, 0.5);
    }
    return time;
}

Index batch_count(Index samples, double correlation) {
    const auto length = std::max<Index>(1, static_cast<Index>(std::ceil(10.0 * correlation)));
    return std::clamp<Index>(samples / length, std::min<Index>(samples, 10), most_batches);
}

double by_batches(const Vector& series, Index batches) {
    const Index length = series.size() / batches;
    const auto filled = series.tail(batches * length).reshaped(length, batches);
    const Vector means = filled.colwise().mean().transpose();
    const auto count = static_cast<double>(batches);
    return std::sqrt((means.array() - means.mean()).square().sum() / (count * (count - 1.0)));
}

double by_range(const Vector& series) {
    constexpr double expected = 1.2533141373155003;  // √(π / 2), of a Brownian bridge
    const double mean = series.mean();
    double sum = 0.0, low = 0.0, high = 0.0;
    for (const double value : series) {
        sum += value - mean;
        low = std::min(low, sum);
        high = std::max(high, sum);
    }
    return (high - low) / (expected * static_cast<double>(series.size()));
}

double standard_error(const Vector& series, Index batches) {
    return std::max(by_batches(series, batches), by_range(series));
}

/// The difference of the halves' means in its standard error, from each half by itself.
double drift(const Vector& series, Index batches, double floor) {
    const Index half = series.size() / 2, each = std::max<Index>(2, batches / 2);
    if (half < each) return 0.0;
    const Vector first = series.head(half), second = series.tail(half);
    const double error = std::max(standard_error(first, each), standard_error(second, each));
    return std::abs(first.mean() - second.mean()) / (std::sqrt(2.0) * error + floor);
}

/// Of the rows that are finite throughout.
ExponentStatistics of_finite(const Matrix& rates, double floor, double negligible) {
    ExponentStatistics found;
    Vector times(rates.rows());
    for (Index j = 0; j < rates.rows(); ++j) times[j] = correlation_time(rates.row(j));
    found.correlation = times.size() > 0 ? times.maxCoeff() : 0.5;
    const Index batches = batch_count(rates.cols(), found.correlation);
    const auto length = static_cast<double>(rates.cols() / batches);
    found.batches = batches;
    found.long_enough = true;
    found.mean = rates.rowwise().mean();
    found.error.resize(rates.rows());
    found.largest_drift = 0.0;
    for (Index j = 0; j < rates.rows(); ++j) {
        found.error[j] = standard_error(rates.row(j), batches);
        const bool known = batches >= 10 && length >= 10.0 * times[j];
        found.long_enough &= known || found.error[j] < negligible;
        found.largest_drift = std::max(found.largest_drift, drift(rates.row(j), batches, floor));
    }
    return found;
}

}  // namespace

ExponentStatistics exponent_statistics(const Matrix& rates, double floor, double negligible) {
    Index finite = 0;  // directions that collapse come last
    while (finite < rates.rows() && rates.row(finite).allFinite()) ++finite;
    ExponentStatistics found = of_finite(rates.topRows(finite), floor, negligible);
    const Index lost = rates.rows() - finite;
    found.mean.conservativeResize(rates.rows());
    found.error.conservativeResize(rates.rows());
    found.mean.tail(lost).setConstant(-HUGE_VAL);
    found.error.tail(lost).setZero();
    return found;
}

std::optional<KaplanYorke> kaplan_yorke(const Matrix& rates, const ExponentStatistics& statistics,
                                        Index states, double tolerance) {
    const Index known = rates.rows();
    Index k = 0;
    double sum = 0.0;
    Vector sums = Vector::Zero(rates.cols());
    for (; k < known && rates.row(k).allFinite(); ++k) {
        const Vector with = sums + rates.row(k).transpose();
        const double error = standard_error(with, statistics.batches);
        if (sum + statistics.mean[k] < -(3.0 * error + tolerance)) break;
        sum += statistics.mean[k];
        sums = with;
    }
    if (k == known && known < states) return std::nullopt;
    if (k == 0 || k == known || !rates.row(k).allFinite())
        return KaplanYorke{static_cast<double>(k), 0.0};
    const double next = std::abs(statistics.mean[k]);
    const Vector gradient = sums / next + (sum / (next * next)) * rates.row(k).transpose();
    return KaplanYorke{static_cast<double>(k) + sum / next,
                       standard_error(gradient, statistics.batches)};
}

}  // namespace heddle
