#pragma once

#include "heddle/population/artificial_unit.hpp"

namespace heddle {

/// tau_m of the membrane that follows x, ms; 0 where the membrane itself carries x.
/// \throws DomainError for a τ that is not positive, or a carrying membrane that has another.
/// \param tau s.
[[nodiscard]] double filter_time(const ArtificialUnit& unit, double tau, Carrier carrier);

}  // namespace heddle
