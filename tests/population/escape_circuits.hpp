#pragma once

#include <numbers>

#include "heddle/circuit/circuit.hpp"

/// Circuits of neurons with escape noise that several tests use.
namespace heddle::test {

inline Circuit alone(const Neuron& neuron, Index size = 1000,
                     std::vector<Adaptation> adaptation = {}) {
    Circuit circuit;
    circuit.populations.push_back(
        {.name = "A", .size = size, .neuron = neuron, .adaptation = std::move(adaptation)});
    return circuit;
}

/// A constant hazard of `rate` Hz after a dead time, which follows the potential as e^{V /
/// Delta_V}.
inline EscapeNeuron constant_hazard(double rate, double dead_time) {
    return {.tau_m = 20.0,
            .V_T_star = 0.0,
            .t_ref = dead_time,
            .Delta_V = 2.0,
            .lambda_0 = rate,
            .reset = false};
}

/// The circuit of Schwalger, Deger & Gerstner (2017), figure 5, all to all.
inline Circuit published_circuit(Index size = 1000, double delay = 1.0, double inhibition = 1.0) {
    Circuit circuit;
    const double per_synapse = 1000.0 / static_cast<double>(size);
    const EscapeNeuron neuron{.Delta_V = 2.5, .I_e = 300.0};
    circuit.populations = {{.name = "E", .size = size / 5 * 4, .neuron = neuron},
                           {.name = "I", .size = size / 5, .neuron = neuron}};
    for (const bool inhibitory : {false, true})
        for (const char* target : {"E", "I"})
            circuit.projections.push_back(
                {.source = inhibitory ? "I" : "E",
                 .target = target,
                 .rule = AllToAll{},
                 .synapse = {.tau_syn = inhibitory ? 6.0 : 3.0},
                 .weight = {.location = per_synapse * (inhibitory ? -12.5 * inhibition : 5.0)},
                 .delay = {.location = delay},
                 .autapses = true});
    return circuit;
}

/// Neurons that forget their spikes at once, and excite themselves by delta synapses worth
/// `weight` mV in all.
inline Circuit self_exciting(const EscapeNeuron& neuron, double weight, double delay = 1.0) {
    Circuit circuit = alone(neuron);
    circuit.projections.push_back({.source = "A",
                                   .target = "A",
                                   .rule = AllToAll{},
                                   .synapse = {.kind = Synapse::Kind::delta},
                                   .weight = {.location = weight / 1000.0},
                                   .delay = {.location = delay},
                                   .autapses = true});
    return circuit;
}

}  // namespace heddle::test
