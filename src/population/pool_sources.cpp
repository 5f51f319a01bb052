#include "population/pool_sources.hpp"

#include <algorithm>
#include <cmath>

#include "circuit/checks.hpp"
#include "circuit/laws.hpp"
#include "circuit/normal_law.hpp"
#include "core/binomial.hpp"

namespace heddle {
namespace {

/// Positions drawn for one neuron, each at most once.
class Distinct final {
  public:
    explicit Distinct(std::size_t size) : taken_(size, 0) {}

    [[nodiscard]] std::size_t next(NeuronDraws& draws) {
        std::size_t one = draws.one_of(taken_.size());
        while (taken_[one] != 0) one = draws.one_of(taken_.size());
        taken_[one] = 1;
        return one;
    }

  private:
    std::vector<std::uint8_t> taken_;
};

std::size_t drawn(NeuronDraws& draws, double trials, double p) {
    return static_cast<std::size_t>(
        draw_binomial(draws, static_cast<std::int64_t>(std::llround(trials)), p));
}

struct DegreeDraw {
    double sources;
    double targets;
    double share;
    double mean;
    NeuronDraws& draws;

    std::size_t operator()(const OneToOne&) const { return 1; }
    std::size_t operator()(const AllToAll&) const { return static_cast<std::size_t>(sources); }
    std::size_t operator()(const FixedIndegree& rule) const {
        const double degree = is_constant(rule.indegree) ? rule.indegree.location
                                                         : quantile(rule.indegree, draws.uniform());
        return static_cast<std::size_t>(std::max(0.0, std::round(degree)));
    }
    std::size_t operator()(const FixedOutdegree& rule) const {
        return rule.multapses ? drawn(draws, mean * targets, 1.0 / targets)
                              : drawn(draws, sources, share);
    }
    std::size_t operator()(const FixedTotal&) const {
        return drawn(draws, mean * targets, 1.0 / targets);
    }
    std::size_t operator()(const Bernoulli&) const { return drawn(draws, sources, share); }
    std::size_t operator()(const CorrelatedDegrees& rule) const {
        const double deviation = std::sqrt(std::log1p(rule.in_cv * rule.in_cv));
        const double a = std::exp(deviation * draws.normal() - 0.5 * deviation * deviation);
        return drawn(draws, sources, std::min(1.0, a * share));
    }
    std::size_t operator()(const Edges&) const { return 0; }
};

}  // namespace

double NeuronDraws::normal() {
    return normal_quantile(uniform());
}

std::size_t NeuronDraws::one_of(std::size_t n) {
    return std::min(n - 1, static_cast<std::size_t>(uniform() * static_cast<double>(n)));
}

PoolSource::PoolSource(const Circuit& circuit, const QuenchedSource& source, Index pool)
    : of_(circuit.projections[source.projection]),
      source_(source),
      constant_(is_constant(of_.weight)) {
    const auto size = [&](const std::string& name) {
        return circuit.populations[population_index(circuit, name)].size;
    };
    const Index sources = size(of_.source);
    sources_ = static_cast<double>(sources) - (of_.source == of_.target && !of_.autapses ? 1 : 0);
    targets_ = static_cast<double>(size(of_.target));
    whole_ = sources <= pool;
    if (const auto* edges = std::get_if<Edges>(&of_.rule)) {
        const Index most = std::max(sources, size(of_.target));
        subject_of(of_).require(most <= pool, "its edges are given one by one, and a pool holds " +
                                                  std::to_string(pool) + " neurons; give pool = " +
                                                  std::to_string(most) + " or more");
        add_edges(*edges, static_cast<std::size_t>(size(of_.target)));
    }
}

void PoolSource::add_edges(const Edges& edges, std::size_t targets) {
    edges_.resize(targets);
    for (std::size_t k = 0; k < edges.target.size(); ++k)
        edges_[edges.target[k]].push_back(
            {edges.source[k], edges.weight.empty() ? 0.0 : edges.weight[k]});
}

void PoolSource::add(double rate, NeuronDraws& draws, DrawnSum& sum) const {
    const double w = constant_ ? of_.weight.location : quantile(of_.weight, draws.uniform());
    sum.first += w * rate;
    sum.second += w * w * rate;
}

DrawnSum PoolSource::by_edges(const Members& members, std::size_t neuron,
                              NeuronDraws& draws) const {
    const bool given = !std::get<Edges>(of_.rule).weight.empty();
    DrawnSum sum;
    for (const Edge& edge : edges_[neuron]) {
        const double rate = members.rate[edge.source];
        if (!given) {
            add(rate, draws, sum);
            continue;
        }
        sum.first += edge.weight * rate;
        sum.second += edge.weight * edge.weight * rate;
    }
    return sum;
}

/// Each member by its own probability: candidates by gaps at the largest, kept by the ratio.
DrawnSum PoolSource::by_factors(const Members& members, double label, NeuronDraws& draws) const {
    const auto count = static_cast<double>(members.rate.size());
    const double base = source_.degree.mean / count * label;
    const double top = *std::ranges::max_element(members.chosen);
    const double most = std::min(base * top, 1.0);
    if (most <= 0.0) return {};
    DrawnSum sum;
    const double gap = most < 1.0 ? 1.0 / std::log1p(-most) : 0.0;
    double place = -1.0;
    for (;;) {
        place += 1.0 + (most < 1.0 ? std::floor(std::log(draws.uniform()) * gap) : 0.0);
        if (place >= count) return sum;
        const auto j = static_cast<std::size_t>(place);
        if (draws.uniform() * most < base * members.chosen[j]) add(members.rate[j], draws, sum);
    }
}

DrawnSum PoolSource::picked(const Members& members, std::size_t count, NeuronDraws& draws) const {
    const std::size_t size = members.rate.size();
    DrawnSum sum;
    if (whole_ && source_.share > 0.0 && count >= size) {
        for (const double rate : members.rate) add(rate, draws, sum);
    } else if (whole_ && source_.share > 0.0) {
        Distinct distinct(size);
        for (std::size_t k = 0; k < count; ++k) add(members.rate[distinct.next(draws)], draws, sum);
    } else {
        for (std::size_t k = 0; k < count; ++k) add(members.rate[draws.one_of(size)], draws, sum);
    }
    return sum;
}

DrawnSum PoolSource::draw(const Members& members, double label, std::size_t neuron,
                          NeuronDraws& draws) const {
    if (!edges_.empty()) return by_edges(members, neuron, draws);
    if (source_.by_label) return by_factors(members, label, draws);
    const std::size_t count = std::visit(
        DegreeDraw{sources_, targets_, source_.share, source_.degree.mean, draws}, of_.rule);
    return picked(members, count, draws);
}

double one_value(const std::vector<double>& values, std::size_t neuron, std::size_t members,
                 NeuronDraws& draws) {
    return values[members == values.size() ? neuron : draws.one_of(values.size())];
}

}  // namespace heddle
