#pragma once

#include <string>

#include "heddle/population/stationary_rates.hpp"

namespace heddle::python {

/// "white", "shifted" or "taylor". \throws DomainError, with a did-you-mean.
[[nodiscard]] NoiseTheory theory_from(const std::string& name);

}  // namespace heddle::python
