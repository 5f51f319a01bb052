#pragma once

#include <vector>

#include "heddle/circuit/circuit.hpp"

namespace heddle {

/// All that can differ between the neurons of a population.
struct Individual {
    Neuron neuron;
    Noise noise;
    std::vector<Adaptation> adaptation;
};

/// A parameter of an individual, by its name as in `Population::quenched`.
/// \throws DomainError, with a did-you-mean.
[[nodiscard]] double& parameter(Individual& individual, const std::string& name);

}  // namespace heddle
