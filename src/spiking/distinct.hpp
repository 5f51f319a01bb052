#pragma once

#include "spiking/row_ends.hpp"

namespace heddle {

/// Appends `count` distinct numbers below `range` (count ≤ range), every set of them equally
/// likely.
/// \cost O(count): the rarer of the chosen and the others are drawn, with a bit for each number.
void draw_distinct(RowStream& stream, std::uint32_t count, std::uint32_t range, EndsDraw& out);

/// Makes numbers below N − 1 numbers below N other than `self`.
void skip_self(std::uint32_t self, std::vector<std::uint32_t>& ends);

}  // namespace heddle
