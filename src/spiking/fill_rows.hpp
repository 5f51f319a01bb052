#pragma once

#include "heddle/core/parallel.hpp"
#include "spiking/source_plan.hpp"

namespace heddle {

/// Where the synapses of one source population go: the `Rows` of each block.
using RowsOfBlocks = std::vector<Rows*>;

/// The most synapses that wait for their place while `threads` threads draw.
[[nodiscard]] double wave_synapses(std::size_t threads);

/// Draws every row once, several sources at a time on `threads` threads, and appends them.
void fill_by_source(const SourcePlan& plan, const RowsOfBlocks& rows, std::size_t threads,
                    const Progress& progress);

/// Draws every row twice, to count and to place: for plans with rows by target.
void fill_by_target(const SourcePlan& plan, const RowsOfBlocks& rows, std::size_t threads,
                    const Progress& progress);

}  // namespace heddle
