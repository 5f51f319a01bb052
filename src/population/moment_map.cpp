#include "population/moment_map.hpp"

#include <algorithm>
#include <cmath>

#include "population/pearson_rule.hpp"

namespace heddle {
namespace {

constexpr Index grid_nodes = 400;
constexpr double fastest = 1e4;  // Hz: a search does not look beyond.

Cumulants cumulants_at(const Vector& state, Index first) {
    return {state[first], state[first + 1], state[first + 2]};
}

void put(const Cumulants& from, Vector& state, Index first) {
    state[first] = from.mean;
    state[first + 1] = from.variance;
    state[first + 2] = from.third;
}

/// The neurons of one label: places from `first` on.
void fill(const QuenchedPopulation& population, const InputStatistics& input,
          const PearsonRule& rule, double share, double chosen, Index first, NodeRates& out) {
    const double deviation = std::sqrt(std::max(0.0, input.mean.variance));
    for (Index q = 0; q < rule.node.size(); ++q) {
        const double h = input.mean.mean + deviation * rule.node[q];
        const bool alike = q > 0 && deviation == 0.0;
        out.rate[first + q] = alike ? out.rate[first] : population.gain({h, input.noise_at(h)});
        out.weight[first + q] = share * rule.weight[q];
        out.chosen[first + q] = chosen * rule.weight[q];
    }
}

}  // namespace

MomentMap::MomentMap(const QuenchedCircuit& circuit, DistributionMethod method, Index nodes)
    : circuit_(circuit), method_(method), nodes_(nodes) {}

Index MomentMap::parts(std::size_t population) const {
    return circuit_.populations[population].label ? 2 : 1;
}

std::vector<SourceRates> MomentMap::sources(const Vector& state) const {
    std::vector<SourceRates> found;
    Index first = 0;
    for (std::size_t a = 0; a < circuit_.populations.size(); ++a) {
        const Index last = first + 3 * (parts(a) - 1);
        found.push_back({cumulants_at(state, first), cumulants_at(state, last)});
        first = last + 3;
    }
    return found;
}

NodeRates MomentMap::rates(const Vector& state, std::size_t population, bool grid) const {
    const QuenchedPopulation& of = circuit_.populations[population];
    const std::vector<SourceRates> sent = sources(state);
    const PearsonRule labels = pearson_rule(of.label ? nodes_ : 1, 0.0);
    const Index each = grid ? grid_nodes : nodes_, all = each * labels.node.size();
    NodeRates out{Vector(all), Vector(all), Vector(all), {}, 0.0};
    std::vector<InputStatistics> inputs;
    double chosen = 0.0;
    for (Index k = 0; k < labels.node.size(); ++k) {
        const double z = labels.node[k], share = labels.weight[k];
        const InputStatistics input = input_statistics(of, sent, of.label ? of.label->in(z) : 1.0);
        const bool skewed = method_ != DistributionMethod::gaussian;
        const double skewness = skewed ? input.mean.skewness() : 0.0;
        const PearsonRule rule = grid ? pearson_grid(each, skewness) : pearson_rule(each, skewness);
        const double as_source = share * (of.label ? of.label->out(z) : 1.0);
        fill(of, input, rule, share, as_source, k * each, out);
        chosen += as_source;
        out.noise += share * input.noise;
        out.input.mean += share * input.mean.mean;
        inputs.push_back(input);
    }
    out.chosen /= chosen;
    for (Index k = 0; k < labels.node.size(); ++k) {
        const Cumulants& one = inputs[static_cast<std::size_t>(k)].mean;
        const double away = one.mean - out.input.mean, share = labels.weight[k];
        out.input.variance += share * (one.variance + away * away);
        out.input.third += share * (one.third + 3.0 * away * one.variance + away * away * away);
    }
    return out;
}

Vector MomentMap::operator()(const Vector& state) const {
    Vector next(state.size());
    Index first = 0;
    for (std::size_t a = 0; a < circuit_.populations.size(); ++a) {
        const NodeRates found = rates(state, a, false);
        const auto n = static_cast<std::size_t>(found.rate.size());
        put(cumulants_of(found.rate.data(), found.weight.data(), n), next, first);
        const Index last = first + 3 * (parts(a) - 1);
        put(cumulants_of(found.rate.data(), found.chosen.data(), n), next, last);
        first = last + 3;
    }
    return next;
}

Vector MomentMap::silent() const {
    Index size = 0;
    for (std::size_t a = 0; a < circuit_.populations.size(); ++a) size += 3 * parts(a);
    return Vector::Zero(size);
}

Vector MomentMap::scale(const Vector& state) const {
    Vector scale(state.size());
    for (Index i = 0; i < state.size(); i += 3) {
        const double unit = 1.0 + std::abs(state[i]) + std::sqrt(std::max(0.0, state[i + 1]));
        scale[i] = unit;
        scale[i + 1] = unit * unit;
        scale[i + 2] = unit * unit * unit;
    }
    return scale;
}

Vector MomentMap::possible(Vector state) const {
    for (Index i = 0; i < state.size(); i += 3) {
        const double m = std::clamp(state[i], 0.0, fastest);
        const double v = std::clamp(state[i + 1], 0.0, m * (fastest - m));
        const double least = m > 0.0 ? v * (v / m - m) : 0.0;
        state[i] = m;
        state[i + 1] = v;
        state[i + 2] = std::clamp(state[i + 2], least, std::max(least, v * fastest));
    }
    return state;
}

Vector MomentMap::means(const Vector& state) const {
    Vector found(static_cast<Index>(circuit_.populations.size()));
    Index first = 0;
    for (std::size_t a = 0; a < circuit_.populations.size(); ++a) {
        found[static_cast<Index>(a)] = state[first];
        first += 3 * parts(a);
    }
    return found;
}

}  // namespace heddle
