#pragma once

#include "heddle/circuit/distribution.hpp"

namespace heddle {

/// Is x always the law's location?
[[nodiscard]] bool is_constant(const Distribution& law);

}  // namespace heddle
