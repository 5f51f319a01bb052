#include "population/rate_unit.hpp"

#include <algorithm>

#include "circuit/normal_law.hpp"
#include "heddle/core/error.hpp"
#include "population/in_weights.hpp"
#include "population/second_moment.hpp"

namespace heddle {
namespace {

constexpr double per_ms = 1e-3;  // 1 Hz.

/// Weights in the unit of the synapse become what a rate in Hz makes of V: a spike's effect has an
/// area and a power.
void set_synapse(const EscapeNeuron& neuron, const Synapse& synapse, UnitSource& source) {
    const double tau = neuron.tau_m;
    double area = tau;
    double power = 0.5 * tau;
    if (synapse.kind == Synapse::Kind::exponential) {
        source.tau_syn = synapse.tau_syn;
        area = tau * synapse.tau_syn / neuron.C_m;
        power = 0.5 * area * area / (tau + synapse.tau_syn);
    }
    source.mean *= per_ms * area;
    source.variance *= per_ms * per_ms * area * area;
    source.random *= per_ms * per_ms * area * area;
    source.noise *= per_ms * power;
}

UnitSource projection_source(const Circuit& circuit, std::size_t projection,
                             const EscapeNeuron& neuron) {
    const Projection& of = circuit.projections[projection];
    const InWeights weights = in_weights(circuit, projection);
    UnitSource source{.kind = UnitSource::Kind::population,
                      .label = of.source,
                      .population = population_index(circuit, of.source),
                      .delay = of.delay.location,
                      .mean = weights.mean,
                      .variance = weights.variance,
                      .random = weights.random,
                      .noise = weights.squares};
    set_synapse(neuron, of.synapse, source);
    return source;
}

UnitSource poisson_source(const PoissonInput& input, const EscapeNeuron& neuron) {
    UnitSource source{.kind = UnitSource::Kind::poisson,
                      .label = "ext",
                      .rate = input.rate,
                      .start = input.start,
                      .stop = input.stop,
                      .mean = input.weight,
                      .noise = input.weight * input.weight};
    set_synapse(neuron, input.synapse, source);
    return source;
}

void add_quenched(const Population& population, RateUnit& unit) {
    const double per_current = unit.neuron.tau_m / unit.neuron.C_m;
    const auto add = [&](const char* name, double scale, double& value) {
        const auto found = population.quenched.find(name);
        if (found == population.quenched.end()) return;
        value = mean_of(found->second);
        const double variance = std::max(0.0, second_moment_of(found->second) - value * value);
        unit.sources.push_back({.label = name, .variance = scale * scale * variance});
    };
    add("V_T_star", 1.0, unit.neuron.V_T_star);
    add("E_L", 1.0, unit.neuron.E_L);
    add("I_e", per_current, unit.neuron.I_e);
}

void add_adaptation(const Population& population, RateUnit& unit) {
    using Kind = UnitAdaptation::Kind;
    const double resistance = unit.neuron.tau_m / unit.neuron.C_m;
    bool currents = false;
    for (const Adaptation& law : population.adaptation) {
        const bool current = law.kind == Adaptation::Kind::current;
        currents = currents || current;
        unit.adaptations.push_back({current ? Kind::current : Kind::threshold, law.tau,
                                    per_ms * law.q * law.tau * (current ? resistance : 1.0)});
    }
    if (currents) unit.adaptations.push_back({Kind::membrane, unit.neuron.tau_m});
}

}  // namespace

RateUnit::RateUnit(const Circuit& circuit, std::size_t population)
    : name(circuit.populations[population].name),
      neuron(std::get<EscapeNeuron>(circuit.populations[population].neuron)) {
    const Population& of = circuit.populations[population];
    noise = 0.5 * of.noise.sigma * of.noise.sigma * neuron.tau_m / (neuron.tau_m + of.noise.tau);
    for (std::size_t k = 0; k < circuit.projections.size(); ++k)
        if (circuit.projections[k].target == name)
            sources.push_back(projection_source(circuit, k, neuron));
    for (const Input& input : circuit.inputs) {
        if (input.target != name) continue;
        if (const auto* poisson = std::get_if<PoissonInput>(&input.drive))
            sources.push_back(poisson_source(*poisson, neuron));
        if (const auto* current = std::get_if<CurrentInput>(&input.drive))
            currents.push_back(current);
    }
    add_quenched(of, *this);
    initial = of.quenched.contains("V_m") ? mean_of(of.quenched.at("V_m")) : neuron.E_L;
    add_adaptation(of, *this);
    // As parts of names in equations, which have no spaces.
    std::ranges::replace(name, ' ', '_');
    for (UnitSource& source : sources) std::ranges::replace(source.label, ' ', '_');
}

TransferFormulas transfer_formulas(const EscapeNeuron& neuron, const Expression& m,
                                   const Expression& v) {
    const double unit = neuron.Delta_V;
    const Expression u = m / unit;
    const Expression w = v / (unit * unit);
    const Expression scale(neuron.lambda_0);
    switch (neuron.hazard) {
        case Hazard::exponential: {
            const Expression rate = scale * exponential(u + 0.5 * w);
            return {rate, rate / unit};
        }
        case Hazard::softplus:
            return {scale * softplus_mean(0, u, w), scale / unit * softplus_mean(1, u, w)};
        case Hazard::sigmoid:
            return {scale * softplus_mean(1, u, w), scale / unit * softplus_mean(2, u, w)};
        default:
            return {scale * rectified_mean(0, u, w) + neuron.lambda_floor,
                    scale / unit * rectified_mean(1, u, w)};
    }
}

}  // namespace heddle
