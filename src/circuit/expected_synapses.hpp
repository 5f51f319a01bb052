#pragma once

#include <cstddef>

#include "heddle/circuit/circuit.hpp"

namespace heddle {

/// How many synapses a projection is expected to have.
[[nodiscard]] double expected_synapses(const Circuit& circuit, std::size_t projection);

}  // namespace heddle
