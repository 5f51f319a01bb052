#pragma once

#include "heddle/circuit/circuit.hpp"

namespace heddle {

/// The mean of a row of an input from `start` on, over `duration` ms.
/// \param at  how many of the input's times are not after `start`.
/// \cost O(1 + times within)
[[nodiscard]] double mean_current(const CurrentInput& input, Index row, std::size_t at,
                                  double start, double duration);

}  // namespace heddle
