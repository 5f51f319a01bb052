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

Vector standard_errors(const Matrix& batch_means) {
    const auto batches = static_cast<double>(batch_means.cols());
    const Vector mean = batch_means.rowwise().mean();
    return ((batch_means.colwise() - mean).rowwise().squaredNorm() / (batches * (batches - 1.0)))
        .cwiseSqrt();
}

double drift(const Matrix& rates, const Vector& error, double floor) {
    const Index half = rates.cols() / 2;
    const Vector difference =
        rates.leftCols(half).rowwise().mean() - rates.rightCols(half).rowwise().mean();
    double largest = 0.0;
    for (Index j = 0; j < difference.size(); ++j)
        largest = std::max(largest, std::abs(difference[j]) / (2.0 * error[j] + floor));
    return largest;
}

/// Of the rows that are finite throughout.
ExponentStatistics of_finite(const Matrix& rates, double floor) {
    ExponentStatistics found;
    found.correlation = 0.5;
    for (Index j = 0; j < rates.rows(); ++j)
        found.correlation = std::max(found.correlation, correlation_time(rates.row(j)));
    const Index batches = batch_count(rates.cols(), found.correlation);
    const Index length = rates.cols() / batches;
    const Index first = rates.cols() - batches * length;  // what does not fill a batch
    found.long_enough = batches >= 10 && static_cast<double>(length) >= 10.0 * found.correlation;
    found.batch_means.resize(rates.rows(), batches);
    for (Index b = 0; b < batches; ++b)
        found.batch_means.col(b) = rates.middleCols(first + b * length, length).rowwise().mean();
    found.mean = rates.rowwise().mean();
    found.error = standard_errors(found.batch_means);
    found.largest_drift = drift(rates, found.error, floor);
    return found;
}

}  // namespace

ExponentStatistics exponent_statistics(const Matrix& rates, double floor) {
    Index finite = 0;  // directions that collapse come last
    while (finite < rates.rows() && rates.row(finite).allFinite()) ++finite;
    ExponentStatistics found = of_finite(rates.topRows(finite), floor);
    const Index lost = rates.rows() - finite;
    found.mean.conservativeResize(rates.rows());
    found.error.conservativeResize(rates.rows());
    found.mean.tail(lost).setConstant(-HUGE_VAL);
    found.error.tail(lost).setZero();
    return found;
}

std::optional<KaplanYorke> kaplan_yorke(const ExponentStatistics& statistics, Index states,
                                        double tolerance) {
    const Matrix& batches = statistics.batch_means;
    const Index known = statistics.mean.size(), finite = batches.rows();
    Index k = 0;
    double sum = 0.0;
    Vector sums = Vector::Zero(batches.cols());
    while (k < finite) {
        const Vector with = sums + batches.row(k).transpose();
        const double error = standard_errors(with.transpose())[0];
        if (sum + statistics.mean[k] < -(3.0 * error + tolerance)) break;
        sum += statistics.mean[k++];
        sums = with;
    }
    if (k == known) {
        if (known < states) return std::nullopt;
        return KaplanYorke{static_cast<double>(states), 0.0};
    }
    if (k == 0 || k == finite) return KaplanYorke{static_cast<double>(k), 0.0};
    const double next = std::abs(statistics.mean[k]);
    const double dimension = static_cast<double>(k) + sum / next;
    const Vector gradient = sums / next + (sum / (next * next)) * batches.row(k).transpose();
    return KaplanYorke{dimension, standard_errors(gradient.transpose())[0]};
}

}  // namespace heddle
