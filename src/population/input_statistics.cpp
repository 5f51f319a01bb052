#include "population/input_statistics.hpp"

#include <algorithm>
#include <cmath>

namespace heddle {
namespace {

/// The in-degrees of neurons that have `label` times the mean.
Cumulants labelled(const QuenchedSource& source, double label) {
    const double factor = source.by_label ? label : 1.0;
    return {factor * source.degree.mean, factor * source.degree.variance,
            factor * source.degree.third};
}

double labelled_share(const QuenchedSource& source, double label) {
    return std::min(1.0, (source.by_label ? label : 1.0) * source.share);
}

/// Cov(Σ w r, Σ w² r).
double covariance_of(const QuenchedSource& source, const Cumulants& rate, double label) {
    const Cumulants degree = labelled(source, label);
    const Cumulants& w = source.weight;
    const double apart = 1.0 - labelled_share(source, label);
    const double square = w.second_moment(), with_square = w.third_moment() - w.mean * square;
    return degree.mean *
               (with_square * rate.second_moment() + apart * w.mean * square * rate.variance) +
           degree.variance * w.mean * square * rate.mean * rate.mean;
}

}  // namespace

Cumulants sum_cumulants(const QuenchedSource& source, const Cumulants& rate, double label) {
    const Cumulants degree = labelled(source, label);
    const Cumulants& w = source.weight;
    const double p = labelled_share(source, label), apart = 1.0 - p;
    const double r = rate.mean, square = rate.second_moment(), cube = rate.third_moment();
    const double of_weights = w.variance * square, drive = w.mean * r;
    const double per_synapse = of_weights + apart * w.mean * w.mean * rate.variance;
    const double with_degree = of_weights + (1.0 - 2.0 * p) * w.mean * w.mean * rate.variance;
    const double third = w.third * cube + 3.0 * apart * w.variance * w.mean * (cube - square * r) +
                         apart * (1.0 - 2.0 * p) * w.mean * w.mean * w.mean * rate.third;
    return {degree.mean * drive, degree.mean * per_synapse + degree.variance * drive * drive,
            degree.mean * third + 3.0 * degree.variance * drive * with_degree +
                degree.third * drive * drive * drive};
}

double InputStatistics::noise_at(double h) const {
    if (mean.variance <= 0.0 || noise <= 0.0) return std::max(noise, 0.0);
    constexpr double farthest = 6.0;  // Deviations: nodes beyond count for nothing.
    const double deviation = std::sqrt(mean.variance);
    const double z = std::clamp((h - mean.mean) / deviation, -farthest, farthest);
    const double b = std::clamp(covariance / (noise * deviation), -1.0, 1.0);
    return noise * std::exp(b * z - 0.5 * b * b);
}

InputStatistics input_statistics(const QuenchedPopulation& population,
                                 const std::vector<SourceRates>& rates, double label) {
    InputStatistics sum{{population.mean, 0.0, 0.0}, population.noise, 0.0};
    for (const QuenchedNumber& number : population.numbers) sum.mean += number.cumulants();
    for (const QuenchedSource& source : population.sources) {
        const SourceRates& sent = rates[source.population];
        const Cumulants& rate = source.by_label ? sent.chosen : sent.all;
        sum.mean += sum_cumulants(source, rate, label).times(source.area);
        sum.noise +=
            source.power * labelled(source, label).mean * source.weight.second_moment() * rate.mean;
        sum.covariance += source.area * source.power * covariance_of(source, rate, label);
        if (!source.low_rank.empty())
            sum.mean += cumulants_of(source.low_rank).times(source.area * sent.all.mean);
    }
    return sum;
}

}  // namespace heddle
