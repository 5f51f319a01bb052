#pragma once

#include <string>

#include "heddle/circuit/circuit.hpp"

namespace heddle {

/// Is `pool` excited by one population alone, inhibits that alone, and does not adapt?
/// \throws DomainError as `local_inhibition` says. \return That population's name.
std::string check_pool(const Circuit& circuit, const std::string& pool);

/// And is it `excitatory`, by one projection each way?
void check_loop(const Circuit& circuit, const std::string& excitatory, const std::string& pool);

}  // namespace heddle
