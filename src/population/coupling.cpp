#include "population/coupling.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>

#include "circuit/laws.hpp"
#include "circuit/membrane_of.hpp"
#include "circuit/normal_law.hpp"
#include "population/mean_input.hpp"

namespace heddle {
namespace {

using Shares = std::vector<std::pair<double, double>>;

/// The mean over a law, g at quantiles of Φ(z), by the trapezoidal rule on z: the law's own density
/// has become the normal one, for which that rule converges exponentially.
Shares shares_of(const Distribution& law) {
    if (is_constant(law)) return {{law.location, 1.0}};
    constexpr int nodes = 120;
    constexpr double spacing = 7.5 / nodes;
    Shares shares;
    double sum = 0.0;
    for (int k = -nodes; k <= nodes; ++k) {
        const double z = k * spacing;
        shares.emplace_back(quantile(law, normal_below(z)), normal_density(z));
        sum += shares.back().second;
    }
    for (auto& share : shares) share.second /= sum;
    return shares;
}

/// Delays of given synapses; the weights at a delay, over the neurons of the target.
Shares shares_of(const Edges& edges, double weight, double targets) {
    std::map<double, double> sums;
    for (std::size_t k = 0; k < edges.delay.size(); ++k)
        sums[edges.delay[k]] += (edges.weight.empty() ? weight : edges.weight[k]) / targets;
    return {sums.begin(), sums.end()};
}

Shares couplings_of(const Circuit& circuit, std::size_t projection) {
    const Projection& of = circuit.projections[projection];
    const auto* edges = std::get_if<Edges>(&of.rule);
    if (edges != nullptr && !edges->delay.empty()) {
        const auto target = population_index(circuit, of.target);
        return shares_of(*edges, mean_of(of.weight),
                         static_cast<double>(circuit.populations[target].size));
    }
    Shares shares = shares_of(of.delay);
    for (auto& share : shares) share.second *= mean_coupling(circuit, projection);
    return shares;
}

double membrane_time(const Neuron& neuron) {
    const auto* escape = std::get_if<EscapeNeuron>(&neuron);
    return escape != nullptr ? escape->tau_m : std::get<LeakyNeuron>(neuron).tau_m;
}

Complex filter(const Synapse& synapse, Complex rate) {
    const Complex once = 1.0 + rate * synapse.tau_syn;
    switch (synapse.kind) {
        case Synapse::Kind::delta:
            return 1.0;
        case Synapse::Kind::exponential:
            return once;
        default:
            return once * once;
    }
}

}  // namespace

double jump_of(const Synapse& synapse, double C_m) {
    switch (synapse.kind) {
        case Synapse::Kind::delta:
            return 1.0;
        case Synapse::Kind::exponential:
            return synapse.tau_syn / C_m;
        default:
            return std::numbers::e * synapse.tau_syn / C_m;
    }
}

double constant_current(const Circuit& circuit, std::size_t population) {
    double sum = 0.0;
    for (const Input& input : circuit.inputs) {
        if (input.target != circuit.populations[population].name) continue;
        if (const auto* current = std::get_if<CurrentInput>(&input.drive))
            sum += current->values(0, current->values.cols() - 1);
        if (const auto* noise = std::get_if<OrnsteinUhlenbeckInput>(&input.drive))
            sum += noise->mean;
    }
    return sum;
}

Coupling::Coupling(const Circuit& circuit) : kinds_(circuit.populations.size()) {
    for (std::size_t k = 0; k < circuit.projections.size(); ++k) {
        const Projection& of = circuit.projections[k];
        const std::size_t target = population_index(circuit, of.target);
        const Neuron& neuron = circuit.populations[target].neuron;
        const double unit = 1e-3 * membrane_time(neuron) * jump_of(of.synapse, capacity_of(neuron));
        Path path{static_cast<Index>(population_index(circuit, of.source)),
                  static_cast<Index>(target),
                  of.synapse,
                  {}};
        for (const auto& [delay, coupling] : couplings_of(circuit, k))
            path.arrivals.push_back({delay, unit * coupling});
        paths_.push_back(std::move(path));
        std::vector<Synapse>& kinds = kinds_[target];
        if (std::ranges::find(kinds, of.synapse) == kinds.end()) kinds.push_back(of.synapse);
    }
}

Complex Coupling::arrivals(const Path& path, Complex rate) {
    Complex sum = 0.0;
    for (const auto& [delay, weight] : path.arrivals) sum += weight * std::exp(-rate * delay);
    return sum;
}

ComplexMatrix Coupling::at(Complex rate) const {
    const auto n = static_cast<Index>(kinds_.size());
    ComplexMatrix coupling = ComplexMatrix::Zero(n, n);
    for (const Path& path : paths_)
        coupling(path.target, path.source) += arrivals(path, rate) / filter(path.synapse, rate);
    return coupling;
}

Complex Coupling::denominator(Index population, Complex rate) const {
    Complex product = 1.0;
    for (const Synapse& kind : kinds_[static_cast<std::size_t>(population)])
        product *= filter(kind, rate);
    return product;
}

ComplexMatrix Coupling::numerator(Complex rate) const {
    const auto n = static_cast<Index>(kinds_.size());
    ComplexMatrix coupling = ComplexMatrix::Zero(n, n);
    for (const Path& path : paths_) {
        Complex value = arrivals(path, rate);
        for (const Synapse& kind : kinds_[static_cast<std::size_t>(path.target)])
            if (!(kind == path.synapse)) value *= filter(kind, rate);
        coupling(path.target, path.source) += value;
    }
    return coupling;
}

}  // namespace heddle
