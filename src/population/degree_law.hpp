#pragma once

#include "heddle/circuit/circuit.hpp"
#include "population/cumulants.hpp"

namespace heddle {

/// The number of synapses that a neuron of the target has, and the share of all sources that they
/// come from: 0 where one may come twice.
struct DegreeLaw {
    Cumulants degree;
    double share;
};

/// Of rules; of given edges the mean only.
/// \throws DomainError for a law of degrees without moments.
[[nodiscard]] DegreeLaw degree_law(const Circuit& circuit, std::size_t projection);

}  // namespace heddle
