#include "heddle/population/stationary_distributions.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "heddle/core/error.hpp"
#include "heddle/linalg/eigenvalues.hpp"
#include "network/checks.hpp"
#include "population/distribution_text.hpp"
#include "population/moment_search.hpp"
#include "population/population_dynamics.hpp"

namespace heddle {
namespace {

using Sample = std::vector<std::pair<double, double>>;  // Rate and weight.

void put_sample(Sample sample, StationaryDistribution& out) {
    std::ranges::sort(sample);
    const auto n = static_cast<Index>(sample.size());
    out.rates.resize(n);
    out.weights.resize(n);
    for (Index i = 0; i < n; ++i)
        std::tie(out.rates[i], out.weights[i]) = sample[static_cast<std::size_t>(i)];
    out.weights /= out.weights.sum();
}

void put(const Cumulants& rates, const Cumulants& input, double noise,
         StationaryDistribution& out) {
    out.mean = rates.mean;
    out.deviation = std::sqrt(rates.variance);
    out.skewness = rates.skewness();
    out.input = input.mean;
    out.input_deviation = std::sqrt(input.variance);
    out.input_skewness = input.skewness();
    out.noise = noise;
}

StationaryDistribution from_nodes(const MomentMap& map, const Vector& state, std::size_t a) {
    const NodeRates nodes = map.rates(state, a, false), grid = map.rates(state, a, true);
    StationaryDistribution out{};
    put(cumulants_of(nodes.rate.data(), nodes.weight.data(),
                     static_cast<std::size_t>(nodes.rate.size())),
        nodes.input, nodes.noise, out);
    Sample sample;
    for (Index i = 0; i < grid.rate.size(); ++i) sample.emplace_back(grid.rate[i], grid.weight[i]);
    put_sample(std::move(sample), out);
    return out;
}

/// Mean and standard error of numbers.
struct Estimate {
    double mean;
    double error;
};

template <class Number>
Estimate estimate(const std::vector<Cumulants>& pools, Number number) {
    const auto n = static_cast<double>(pools.size());
    double sum = 0.0, square = 0.0;
    for (const Cumulants& pool : pools) sum += number(pool);
    for (const Cumulants& pool : pools) square += std::pow(number(pool) - sum / n, 2);
    return {sum / n, std::sqrt(square / (n * (n - 1.0)))};
}

StationaryDistribution from_pools(const PoolRecord::Population& record) {
    StationaryDistribution out{};
    const Estimate mean = estimate(record.rates, [](const Cumulants& c) { return c.mean; });
    const Estimate deviation =
        estimate(record.rates, [](const Cumulants& c) { return std::sqrt(c.variance); });
    const Estimate skewness =
        estimate(record.rates, [](const Cumulants& c) { return c.skewness(); });
    put({}, record.input, record.noise, out);
    std::tie(out.mean, out.mean_error) = std::pair{mean.mean, mean.error};
    std::tie(out.deviation, out.deviation_error) = std::pair{deviation.mean, deviation.error};
    std::tie(out.skewness, out.skewness_error) = std::pair{skewness.mean, skewness.error};
    Sample sample;
    for (const double rate : record.last) sample.emplace_back(rate, 1.0);
    put_sample(std::move(sample), out);
    return out;
}

/// So many neurons may be drawn at once that means relax, whatever the gain of the loop.
double share_of(const ComplexVector& eigenvalues) {
    double share = 0.25;
    for (const Complex& value : eigenvalues) {
        const Complex away = 1.0 - value;
        if (away.real() > 0.0) share = std::min(share, 0.5 * away.real() / std::norm(away));
    }
    return std::max(share, 0.01);
}

/// The distance of each sweep's means from those of the sweeps that count.
std::vector<double> distances(const Matrix& means, Index before) {
    const Vector result = means.rightCols(means.cols() - before).rowwise().mean();
    std::vector<double> found;
    for (Index s = 0; s < means.cols(); ++s)
        found.push_back((means.col(s) - result).lpNorm<Eigen::Infinity>());
    return found;
}

/// What chance may make of the difference between the halves: by pools, and by sweeps.
double chance(const Estimate& drift, const Matrix& means, Index population, Index sweeps) {
    const Index half = sweeps / 2;
    const auto spread = [](const auto& row) { return (row.array() - row.mean()).square().sum(); };
    const auto row = means.row(population);
    const double variance =
        (spread(row.tail(half)) + spread(row.segment(row.size() - 2 * half, half))) /
        static_cast<double>(2 * half - 2);
    return std::max(drift.error, std::sqrt(2.0 * variance / static_cast<double>(half)));
}

/// Do the halves of the sweeps agree, but for chance and 1 %?
void check_halves(const PoolRecord& record, const DistributionOptions& options,
                  StationaryDistributions& found) {
    for (std::size_t a = 0; a < record.populations.size(); ++a) {
        std::vector<Cumulants> difference = record.populations[a].second;
        for (std::size_t k = 0; k < difference.size(); ++k)
            difference[k].mean -= record.populations[a].first[k].mean;
        const Estimate drift = estimate(difference, [](const Cumulants& c) { return c.mean; });
        found.residual = std::max(found.residual, std::abs(drift.mean));
        const double likely = chance(drift, record.means, static_cast<Index>(a), options.sweeps);
        const double allowed = 4.0 * likely + 0.01 * found.populations[a].mean + 1e-6;
        if (std::abs(drift.mean) > allowed)
            refuse_drift(found.populations[a].name, drift.mean, found.history);
    }
}

/// Equally likely rates.
Vector quantiles(const StationaryDistribution& of) {
    constexpr Index count = 200;
    Vector found(count);
    for (Index i = 0; i < count; ++i)
        found[i] = rate_quantile(of, (static_cast<double>(i) + 0.5) / count);
    return found;
}

void by_pools(const Circuit& circuit, const QuenchedCircuit& quenched,
              const DistributionOptions& options, const MomentSolution& begin,
              StationaryDistributions& found) {
    std::vector<Vector> start;
    for (const StationaryDistribution& one : found.populations) start.push_back(quantiles(one));
    const PoolRecord record =
        run_pools(circuit, quenched, options, start, share_of(begin.eigenvalues));
    for (std::size_t a = 0; a < record.populations.size(); ++a) {
        found.populations[a] = from_pools(record.populations[a]);
        found.populations[a].name = circuit.populations[a].name;
    }
    found.history = distances(record.means, forgotten(options));
    found.residual = 0.0;
    check_halves(record, options, found);
}

}  // namespace

StationaryDistributions stationary_distributions(const Circuit& circuit,
                                                 const DistributionOptions& options) {
    const QuenchedCircuit quenched = quenched_circuit(circuit, options);
    const bool pools = options.method == DistributionMethod::population_dynamics;
    const MomentMap map(quenched, pools ? DistributionMethod::cumulants : options.method,
                        options.nodes);
    const MomentSolution solution = solve_moments(map, options.most_steps);
    if (!solution.converged && !pools) refuse_search(solution.history, options);
    StationaryDistributions found{};
    for (std::size_t a = 0; a < circuit.populations.size(); ++a) {
        found.populations.push_back(from_nodes(map, solution.state, a));
        found.populations[a].name = circuit.populations[a].name;
    }
    const Vector finer = map.with(2 * options.nodes)(solution.state) - solution.state;
    found.residual = map.means(finer).lpNorm<Eigen::Infinity>();
    found.history = solution.history;
    found.stable = spectral_abscissa(solution.eigenvalues) < 1.0;
    if (pools) by_pools(circuit, quenched, options, solution, found);
    found.assumptions = distribution_assumptions(circuit, options);
    found.statement = distribution_statement(found, options);
    return found;
}

double rate_quantile(const StationaryDistribution& distribution, double p) {
    if (!(p > 0.0 && p < 1.0)) throw DomainError("p is " + number_text(p) + "; expected 0 < p < 1");
    const Vector& rates = distribution.rates;
    double below = 0.5 * distribution.weights[0];  // At the middle of each weight.
    if (p <= below) return rates[0];
    for (Index i = 1; i < rates.size(); ++i) {
        const double next = below + 0.5 * (distribution.weights[i - 1] + distribution.weights[i]);
        if (p <= next)
            return rates[i - 1] + (p - below) / (next - below) * (rates[i] - rates[i - 1]);
        below = next;
    }
    return rates[rates.size() - 1];
}

double share_below(const StationaryDistribution& distribution, double rate) {
    const Vector& rates = distribution.rates;
    const auto last = std::upper_bound(rates.begin(), rates.end(), rate);
    const auto first = distribution.weights.begin();
    return std::accumulate(first, first + (last - rates.begin()), 0.0);
}

}  // namespace heddle
