#pragma once

#include "heddle/circuit/circuit.hpp"

/// Small circuits of quadratic neurons that the tests share.
namespace heddle::examples {

inline Distribution lorentzian(double median, double half_width) {
    return {.kind = Distribution::Kind::lorentzian, .location = median, .scale = half_width};
}

inline Population quadratic(const std::string& name, double eta, double delta, double tau = 10.0,
                            Index size = 1000) {
    return {.name = name,
            .size = size,
            .neuron = QuadraticNeuron{.tau_m = tau},
            .noise = {},
            .adaptation = {},
            .quenched = {{"eta", lorentzian(eta, delta)}}};
}

/// All to all with autapses, so that the in-degree is the size of the source: delta synapses, delay
/// 1 ms unless changed.
inline Projection all_to_all(const std::string& source, const std::string& target, double weight) {
    return {.source = source,
            .target = target,
            .rule = AllToAll{},
            .synapse = {.kind = Synapse::Kind::delta},
            .weight = {.location = weight},
            .delay = {.location = 1.0},
            .left = {},
            .right = {},
            .autapses = true};
}

/// One population with the coupling J of Montbrió, Pazó & Roxin: delta synapses of weight J / N.
inline Circuit one_population(double eta, double delta, double j, double tau = 10.0) {
    return {.populations = {quadratic("E", eta, delta, tau)},
            .projections = {all_to_all("E", "E", j / 1000.0)},
            .inputs = {},
            .readouts = {}};
}

/// Two populations with every kind of part: three synapses, two delays, Lorentzian weights,
/// adaptation, a current.
inline Circuit two_populations() {
    Circuit circuit{.populations = {quadratic("E", -1.0, 1.0), quadratic("I", -2.0, 0.5, 8.0, 200)},
                    .projections = {all_to_all("E", "E", 0.008), all_to_all("E", "I", 0.02),
                                    all_to_all("I", "E", -0.03), all_to_all("I", "I", -0.01)},
                    .inputs = {{"E", CurrentInput{{0.0, 40.0}, Matrix{{1.0, 3.0}}}}},
                    .readouts = {}};
    circuit.projections[0].synapse = {.kind = Synapse::Kind::exponential, .tau_syn = 4.0};
    circuit.projections[0].weight = lorentzian(0.02, 0.004);
    circuit.projections[1].synapse = {.kind = Synapse::Kind::alpha, .tau_syn = 2.0};
    circuit.projections[2].delay.location = 2.0;
    circuit.populations[0].adaptation = {
        {.kind = Adaptation::Kind::current, .tau = 50.0, .q = 0.3}};
    return circuit;
}

}  // namespace heddle::examples
