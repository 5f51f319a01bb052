#pragma once

#include "heddle/circuit/circuit.hpp"

namespace heddle {

/// The mean of x², interval included.
/// \throws DomainError for a Lorentzian without both ends of its interval: it has none.
[[nodiscard]] double second_moment_of(const Distribution& distribution);

/// ⟨w⟩ and ⟨w²⟩ of synapses.
struct WeightMoments {
    double first;
    double second;
};
[[nodiscard]] WeightMoments weight_moments(const Projection& projection);

}  // namespace heddle
