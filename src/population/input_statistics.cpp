#include "population/input_statistics.hpp"

#include <algorithm>
#include <cmath>

namespace heddle {
namespace {

/// Adds Σ w r over the synapses of one projection; cumulants as `stationary_distributions` has
/// them.
void add_source(const QuenchedSource& source, const Cumulants& rate, double label,
                InputStatistics& sum) {
    const double factor = source.by_label ? label : 1.0;
    const Cumulants degree{factor * source.degree.mean, factor * source.degree.variance,
                           factor * source.degree.third};
    const Cumulants& w = source.weight;
    const double p = std::min(1.0, factor * source.share), apart = 1.0 - p;
    const double r = rate.mean, square = rate.second_moment(), cube = rate.third_moment();
    const double of_weights = w.variance * square;
    const double per_synapse = of_weights + apart * w.mean * w.mean * rate.variance;
    const double with_degree = of_weights + (1.0 - 2.0 * p) * w.mean * w.mean * rate.variance;
    const double drive = w.mean * r;
    const Cumulants total{
        degree.mean * drive, degree.mean * per_synapse + degree.variance * drive * drive,
        degree.mean * (w.third * cube + 3.0 * apart * w.variance * w.mean * (cube - square * r) +
                       apart * (1.0 - 2.0 * p) * w.mean * w.mean * w.mean * rate.third) +
            3.0 * degree.variance * drive * with_degree +
            degree.third * drive * drive * drive};
    sum.mean += total.times(source.area);
    const double w2 = w.second_moment();
    sum.noise += source.power * degree.mean * w2 * r;
    const double with_square = w.third_moment() - w.mean * w2;  // Cov(w, w²)
    sum.covariance += source.area * source.power *
                      (degree.mean * (with_square * square + apart * w.mean * w2 * rate.variance) +
                       degree.variance * drive * w2 * r);
}

}  // namespace

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
        add_source(source, source.by_label ? sent.chosen : sent.all, label, sum);
        if (!source.low_rank.empty())
            sum.mean += cumulants_of(source.low_rank).times(source.area * sent.all.mean);
    }
    return sum;
}

}  // namespace heddle
