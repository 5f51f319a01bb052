#pragma once

#include "heddle/spiking/distribution.hpp"

namespace heddle {

/// Is x always the law's location?
[[nodiscard]] bool is_constant(const Distribution& law);

}  // namespace heddle
