#pragma once

#include "heddle/circuit/circuit.hpp"

namespace heddle {

/// The sums of a neuron's synapses of one projection, over the neurons of the target.
struct InWeights {
    double mean;      ///< In the unit of the synapse.
    double variance;  ///< Between neurons, of what weighs all sources alike.
    double random;    ///< And of what is drawn for each synapse: it also meets different sources.
    double squares;   ///< Mean over neurons of the sum of squared weights: what spikes' noise has.
};

/// Degrees and weights are independent; low-rank weights do not go together with sources' rates.
/// \throws DomainError naming the projection.
[[nodiscard]] InWeights in_weights(const Circuit& circuit, std::size_t projection);

}  // namespace heddle
