#include "population/population_dynamics.hpp"

#include <algorithm>
#include <cmath>

#include "heddle/core/parallel.hpp"
#include "population/pool_sources.hpp"

namespace heddle {
namespace {

/// Sums of powers over neurons and sweeps.
struct Sums {
    double count = 0.0, first = 0.0, second = 0.0, third = 0.0;

    void add(double x) {
        count += 1.0;
        first += x;
        second += x * x;
        third += x * x * x;
    }
    void add(const Sums& other) {
        count += other.count;
        first += other.first;
        second += other.second;
        third += other.third;
    }
    [[nodiscard]] Cumulants cumulants() const {
        const double m = first / count, square = second / count, variance = square - m * m;
        if (variance <= 1e-10 * square) return {m, 0.0, 0.0};  // Rounding.
        return {m, variance, third / count - 3.0 * m * square + 2.0 * m * m * m};
    }
};

/// What one pool saw of a population.
struct Seen {
    Sums first, second;  ///< Rates in the halves of the sweeps.
    Sums input;
    double noise = 0.0;
    std::vector<double> means;
};

/// One pool: some neurons of every population.
class Pool final {
  public:
    Pool(const Circuit& circuit, const QuenchedCircuit& quenched,
         const DistributionOptions& options, const std::vector<Vector>& start, std::size_t number)
        : quenched_(quenched),
          options_(options),
          key_(Random(options.seed, stream_of("population dynamics")).integer(number)) {
        for (std::size_t a = 0; a < quenched.populations.size(); ++a)
            members_.push_back(begin(circuit.populations[a].size, a, start[a]));
        for (const QuenchedPopulation& of : quenched.populations) {
            sources_.emplace_back();
            for (const QuenchedSource& source : of.sources)
                sources_.back().emplace_back(circuit, source, options.pool);
        }
        seen_.resize(members_.size());
    }

    void run(std::size_t parts) {
        const Index before = forgotten(options_);
        for (Index sweep = 0; sweep < before + options_.sweeps; ++sweep) {
            for (std::size_t part = 0; part < parts; ++part)
                redraw(static_cast<std::uint64_t>(sweep), part, parts);
            record(sweep - before);
        }
    }

    [[nodiscard]] const std::vector<Seen>& seen() const { return seen_; }
    [[nodiscard]] const std::vector<double>& rates(std::size_t a) const { return members_[a].rate; }

  private:
    struct Drawn {
        std::size_t neuron;
        LastingInput input;
        double rate;
        double chosen;
    };

    [[nodiscard]] Members begin(Index size, std::size_t a, const Vector& start) const {
        const auto n = static_cast<std::size_t>(std::min(size, options_.pool));
        Members members{std::vector<double>(n), {}};
        NeuronDraws draws(key_, a);
        for (double& rate : members.rate)
            rate = start[static_cast<Index>(draws.one_of(static_cast<std::size_t>(start.size())))];
        if (quenched_.populations[a].label) members.chosen.assign(n, 1.0);
        return members;
    }

    /// Some neurons of all populations, in the rates as they are before. Any may be chosen: in a
    /// fixed order, what a moment did to the mean would come back after a sweep.
    void redraw(std::uint64_t sweep, std::size_t part, std::size_t parts) {
        std::vector<std::vector<Drawn>> drawn(members_.size());
        mean_.clear();
        for (const Members& members : members_) mean_.push_back(mean_of(members.rate));
        for (std::size_t a = 0; a < members_.size(); ++a) {
            const std::size_t size = members_[a].rate.size();
            for (std::size_t k = size * part / parts; k < size * (part + 1) / parts; ++k)
                drawn[a].push_back(draw(a, k, sweep));
        }
        const bool counts = static_cast<Index>(sweep) >= forgotten(options_);
        for (std::size_t a = 0; a < members_.size(); ++a)
            for (const Drawn& one : drawn[a]) put(a, one, counts);
    }

    static double mean_of(const std::vector<double>& values) {
        double sum = 0.0;
        for (const double value : values) sum += value;
        return sum / static_cast<double>(values.size());
    }

    /// The k-th draw of a sweep.
    [[nodiscard]] Drawn draw(std::size_t a, std::size_t k, std::uint64_t sweep) const {
        const QuenchedPopulation& of = quenched_.populations[a];
        const std::uint64_t stream =
            ((sweep + 1) * members_.size() + a) * (std::uint64_t{1} << 32) + k;
        NeuronDraws draws(key_, stream);
        const std::size_t size = members_[a].rate.size(), i = draws.one_of(size);
        Drawn out{i, {of.mean, of.noise}, 0.0, 1.0};
        double label = 1.0;
        if (of.label) {
            const double z = draws.normal();
            label = of.label->in(z);
            out.chosen = of.label->out(z, draws.normal());
        }
        for (const QuenchedNumber& number : of.numbers)
            out.input.mean += number.values.empty()
                                  ? number.factor * quantile(number.law, draws.uniform())
                                  : one_value(number.values, i, size, draws);
        for (std::size_t s = 0; s < of.sources.size(); ++s) {
            const QuenchedSource& source = of.sources[s];
            const DrawnSum sum = sources_[a][s].draw(members_[source.population], label, i, draws);
            out.input.mean += source.area * sum.first;
            out.input.noise += source.power * sum.second;
            if (!source.low_rank.empty())
                out.input.mean += source.area * mean_[source.population] *
                                  one_value(source.low_rank, i, size, draws);
        }
        out.rate = of.gain(out.input);
        return out;
    }

    void put(std::size_t a, const Drawn& one, bool counts) {
        Members& members = members_[a];
        members.rate[one.neuron] = one.rate;
        if (!members.chosen.empty()) members.chosen[one.neuron] = one.chosen;
        if (!counts) return;
        seen_[a].input.add(one.input.mean);
        seen_[a].noise += one.input.noise;
    }

    void record(Index sweep) {
        for (std::size_t a = 0; a < members_.size(); ++a) {
            seen_[a].means.push_back(mean_of(members_[a].rate));
            if (sweep < 0) continue;
            Sums& half = 2 * sweep < options_.sweeps ? seen_[a].first : seen_[a].second;
            for (const double rate : members_[a].rate) half.add(rate);
        }
    }

    const QuenchedCircuit& quenched_;
    const DistributionOptions& options_;
    std::uint64_t key_;
    std::vector<Members> members_;
    std::vector<std::vector<PoolSource>> sources_;
    std::vector<double> mean_;
    std::vector<Seen> seen_;
};

PoolRecord::Population gathered(const std::vector<Pool>& pools, std::size_t a) {
    PoolRecord::Population out{{}, {}, {}, {}, 0.0, {}};
    Sums input;
    double noise = 0.0;
    for (const Pool& pool : pools) {
        const Seen& seen = pool.seen()[a];
        Sums both = seen.first;
        both.add(seen.second);
        out.rates.push_back(both.cumulants());
        out.first.push_back(seen.first.cumulants());
        out.second.push_back(seen.second.cumulants());
        input.add(seen.input);
        noise += seen.noise;
        out.last.insert(out.last.end(), pool.rates(a).begin(), pool.rates(a).end());
    }
    out.input = input.cumulants();
    out.noise = noise / input.count;
    return out;
}

}  // namespace

PoolRecord run_pools(const Circuit& circuit, const QuenchedCircuit& quenched,
                     const DistributionOptions& options, const std::vector<Vector>& start,
                     double share) {
    std::vector<Pool> pools;
    for (Index k = 0; k < options.pools; ++k)
        pools.emplace_back(circuit, quenched, options, start, static_cast<std::size_t>(k));
    const auto parts = static_cast<std::size_t>(std::ceil(1.0 / share));
    parallel_for(pools.size(), static_cast<std::size_t>(options.threads),
                 [&](std::size_t k) { pools[k].run(parts); });
    PoolRecord record;
    const std::size_t count = quenched.populations.size();
    record.means = Matrix::Zero(static_cast<Index>(count), forgotten(options) + options.sweeps);
    for (std::size_t a = 0; a < count; ++a) {
        record.populations.push_back(gathered(pools, a));
        for (const Pool& pool : pools)
            for (Index s = 0; s < record.means.cols(); ++s)
                record.means(static_cast<Index>(a), s) +=
                    pool.seen()[a].means[static_cast<std::size_t>(s)] /
                    static_cast<double>(pools.size());
    }
    return record;
}

}  // namespace heddle
