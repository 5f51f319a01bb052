#pragma once

#include "heddle/circuit/distribution.hpp"

namespace heddle {

/// The mean of x³, interval included.
/// \throws DomainError for a Lorentzian without both ends of its interval: it has none.
[[nodiscard]] double third_moment_of(const Distribution& distribution);

}  // namespace heddle
