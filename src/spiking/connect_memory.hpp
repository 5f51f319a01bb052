#pragma once

#include <string>

#include "heddle/spiking/connectome.hpp"

namespace heddle {

[[nodiscard]] std::int64_t bytes_of(const Rows& rows);

/// "2.25 GiB"
[[nodiscard]] std::string gibibytes(std::int64_t bytes);

/// \throws DomainError  what `validate` finds, and a circuit whose synapses need more memory than
///         `options.memory`, with both numbers; what cannot be regenerated, if asked to.
void check_connectable(const Circuit& circuit, const ConnectOptions& options);

/// \throws DomainError naming a projection whose rows are drawn by target.
void check_regenerable(const Circuit& circuit);

}  // namespace heddle
