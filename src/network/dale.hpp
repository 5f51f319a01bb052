#pragma once

#include <cstdint>

#include "heddle/linalg/types.hpp"

namespace heddle {

/// How many of n units are excitatory, round(fraction n), with at least two of each kind.
/// \throws DomainError if n < 4 or the fraction is not in (0, 1).
[[nodiscard]] Index excitatory_units(Index n, double fraction);

/// 0/1 mask of connections, shape (n, n): each present with probability p_excitatory from
/// excitatory and p_inhibitory from inhibitory units, none from a unit to itself, and at least one
/// of each kind into every unit.
[[nodiscard]] Matrix connections(Index n, Index excitatory, double p_excitatory,
                                 double p_inhibitory, std::uint64_t seed);

}  // namespace heddle
