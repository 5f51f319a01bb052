#pragma once

#include "heddle/circuit/circuit.hpp"

namespace heddle {

/// Is every part of the circuit one that the firing-rate equations describe, with independent
/// `noise` or without?
/// \throws DomainError naming the part, why it cannot be, and what would do.
void check_quadratic(const Circuit& circuit, bool noise = false);

}  // namespace heddle
