#pragma once

#include <vector>

#include "heddle/circuit/circuit.hpp"

namespace heddle {

/// Neurons that a population sends spikes to, but for the one that fired: N / (N − 1) for what it
/// sends to itself without autapses, 1 else. The mean input to a neuron of such a population,
///
///     K ⟨w⟩ (N A − own spikes) / (N − 1) ,
///
/// is that of A times this, less what its own would bring.
[[nodiscard]] double others(const Circuit& circuit, std::size_t projection);

/// What a neuron's last spike, so many ms ago, would have made of its potential if it came back as
/// those of others do, mV, for every age: over what a population sends to itself without autapses,
/// K ⟨w⟩ / (N − 1) times the response of a membrane that starts after the refractory period. Most
/// of it finds the membrane refractory: so what others send counts more than what a neuron sends to
/// itself.
/// \pre neurons of the population are reset.
[[nodiscard]] std::vector<double> own_spike_after(const Circuit& circuit, std::size_t population,
                                                  const std::vector<double>& ages);

}  // namespace heddle
