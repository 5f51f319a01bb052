#include "population/own_spike.hpp"

#include <cmath>
#include <numbers>

#include "circuit/propagator.hpp"
#include "population/mean_input.hpp"

namespace heddle {
namespace {

double size_of(const Circuit& circuit, const std::string& population) {
    return static_cast<double>(circuit.populations[population_index(circuit, population)].size);
}

bool leaves_out_own(const Projection& projection) {
    return projection.source == projection.target && !projection.autapses;
}

/// The potential `age` ms after a spike of weight 1 that arrives after `delay`.
double response(const EscapeNeuron& neuron, const Synapse& synapse, double delay, double age) {
    const Membrane membrane{1.0 / neuron.tau_m, neuron.C_m};
    const double start = std::max(delay, neuron.t_ref);
    if (age <= start) return 0.0;
    if (synapse.kind == Synapse::Kind::delta)
        return delay < neuron.t_ref ? 0.0 : std::exp(-(age - delay) / neuron.tau_m);
    const bool alpha = synapse.kind == Synapse::Kind::alpha;
    const double s = alpha ? 0.0 : 1.0, x = alpha ? std::numbers::e / synapse.tau_syn : 0.0;
    const SynapsePropagator waits = propagator(synapse, membrane, start - delay);
    const SynapsePropagator acts = propagator(synapse, membrane, age - start);
    return acts.on_v * (waits.keep * s + waits.rise * x) + acts.on_v_rise * waits.keep * x;
}

}  // namespace

double others(const Circuit& circuit, std::size_t projection) {
    const Projection& of = circuit.projections[projection];
    const double size = size_of(circuit, of.source);
    return leaves_out_own(of) && size > 1.0 ? size / (size - 1.0) : 1.0;
}

std::vector<double> own_spike_after(const Circuit& circuit, std::size_t population,
                                    const std::vector<double>& ages) {
    const Population& of = circuit.populations[population];
    const auto& neuron = std::get<EscapeNeuron>(of.neuron);
    std::vector<double> potential(ages.size());
    for (std::size_t k = 0; k < circuit.projections.size(); ++k) {
        const Projection& projection = circuit.projections[k];
        if (projection.target != of.name || !leaves_out_own(projection) || of.size < 2) continue;
        const double each = mean_coupling(circuit, k) / (static_cast<double>(of.size) - 1.0);
        const double delay = common_delay(projection);
        for (std::size_t i = 0; i < ages.size(); ++i)
            potential[i] += each * response(neuron, projection.synapse, delay, ages[i]);
    }
    return potential;
}

}  // namespace heddle
