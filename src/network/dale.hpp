#pragma once

#include <cstdint>

#include "heddle/linalg/types.hpp"

namespace heddle {

/// How many of n units are excitatory; at least one of each kind.
[[nodiscard]] Index excitatory_units(Index n, double fraction);

/// 0/1 mask of connections, shape (n, n): each present with probability p_E from excitatory and p_I from inhibitory units, none
/// from a unit to itself, and at least one of each kind into every unit.
[[nodiscard]] Matrix connections(Index n, Index excitatory, double p_excitatory, double p_inhibitory,
                                 std::uint64_t seed);

}  // namespace heddle
