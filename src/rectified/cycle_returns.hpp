#pragma once

#include "heddle/rectified/cycles.hpp"

namespace heddle {

/// Stretches of a trajectory that begin and end near each other on the same surface, in the same
/// regions, best first: nearest, and of equally near ones the shortest. No word of crossings
/// appears twice.
/// \param nearness relative to the spread of the crossings.
/// \param shortest in time, s.
[[nodiscard]] std::vector<CycleGuess> near_returns(const ThresholdFlow& flow, double nearness,
                                                   Index most_regions, std::size_t most,
                                                   double shortest = 0.0);

/// The rotation of a word that comes first in the alphabet: the same for all rotations.
[[nodiscard]] std::vector<Index> canonical_rotation(const std::vector<Index>& word);

}  // namespace heddle
