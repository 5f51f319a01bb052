#pragma once

#include <cstdint>

#include "spiking/row_stream.hpp"

namespace heddle {

/// An exact draw of the number of successes among `trials` of probability p. \cost O(1).
/// \see Hörmann (1993), J Stat Comput Simul 46:101 (algorithm BTRS); inversion for a mean below 10.
[[nodiscard]] std::int64_t draw_binomial(RowStream& stream, std::int64_t trials, double p);

}  // namespace heddle
