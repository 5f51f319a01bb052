#pragma once

#include <vector>

#include "circuit/checks.hpp"

namespace heddle {

/// Refuses, by name, what the diffusion of leaky neurons does not describe.
/// \throws DomainError with the reason and the nearest level that does.
void check_diffusion(const Circuit& circuit);

/// The same for one synapse and one projection.
void check_diffusion_synapse(const Subject& subject, const Synapse& synapse);
void check_diffusion_projection(const Projection& projection);

/// \throws DomainError unless all noise of a population has one correlation time.
void check_one_colour(const Subject& subject, const std::vector<double>& times);

}  // namespace heddle
