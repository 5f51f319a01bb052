#pragma once

#include <cstddef>
#include <cstdint>

namespace heddle {

/// Four numbers at once, whatever the processor: running sums in four lanes make the same additions
/// in the same order, and so the same bits, for every instruction set.
constexpr std::size_t lanes = 4;
using Lanes = double __attribute__((vector_size(32)));
using LaneCounts = std::int64_t __attribute__((vector_size(32)));
/// The same in memory, at any address.
using StoredLanes = double __attribute__((vector_size(32), aligned(8), may_alias));

inline double total(const Lanes& x) {
    return (x[0] + x[1]) + (x[2] + x[3]);
}

}  // namespace heddle
