#pragma once

#include <cstddef>
#include <vector>

#include "heddle/spiking/connectome.hpp"

namespace heddle {

/// The number of threads that an option asks for: 0 is one per core.
[[nodiscard]] std::size_t thread_count(std::size_t asked);

/// Cuts the circuit into at least `threads` blocks of about equal work and at most 65,536 cells;
/// without their synapses.
[[nodiscard]] std::vector<Block> make_blocks(const Circuit& circuit, std::size_t threads);

/// \throws DomainError if these are blocks of another circuit, with what they hold and what it has.
void check_layout(const Circuit& circuit, const std::vector<Block>& blocks);

}  // namespace heddle
