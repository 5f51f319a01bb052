#pragma once

#include <string>

#include "heddle/population/rate_units.hpp"

namespace heddle::python {

/// "full", "heterogeneity" or "mean". \throws DomainError with a did-you-mean.
[[nodiscard]] Closure closure_from(const std::string& name);

}  // namespace heddle::python
