#pragma once

#include <vector>

#include "heddle/network/generators.hpp"
#include "heddle/population/artificial_unit.hpp"

/// Populations that are units, and networks for them.
namespace heddle::examples {

inline constexpr double threshold_spread = 1.5;

/// Neurons whose thresholds differ, under a constant current.
inline Circuit population(Hazard hazard, std::vector<Adaptation> adaptation = {}) {
    const EscapeNeuron neuron{.tau_m = 10.0,
                              .V_T_star = 1.0,
                              .t_ref = 0.0,
                              .Delta_V = 2.0,
                              .lambda_0 = 20.0,
                              .lambda_floor = 0.0,
                              .I_e = 50.0,
                              .hazard = hazard,
                              .reset = false};
    Circuit circuit;
    circuit.populations.push_back({"A", 400, neuron});
    circuit.populations[0].adaptation = std::move(adaptation);
    circuit.populations[0].quenched["V_T_star"] = {
        .kind = Distribution::Kind::normal, .location = 1.0, .scale = threshold_spread};
    return circuit;
}

inline const std::vector<Adaptation> two_thresholds = {{.tau = 100.0, .q = 0.5},
                                                       {.tau = 30.0, .q = 0.6}};

inline Network network_of(Index n, double tau = 0.01) {
    return make_network(gaussian_weights(n, 0.8, 3), 0, 0, tau);
}

}  // namespace heddle::examples
