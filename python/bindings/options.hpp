#pragma once

#include <nanobind/nanobind.h>

#include "heddle/loops/library.hpp"

namespace heddle::python {

/// "automatic", "dense", "krylov" or "structured". \throws DomainError with a did-you-mean.
[[nodiscard]] WeightsSolver solver_from(const std::string& name);

/// Options from keywords. \throws TypeError for an unknown one, with the closest known one.
[[nodiscard]] FitOptions fit_options_from(const nanobind::dict& named);

/// All options of a design side by side: those of the fit, of the motif loops and of the
/// preparation. `loops` and `seed` serve the fit and the motif loops.
[[nodiscard]] DesignOptions design_options_from(const nanobind::dict& named);

}  // namespace heddle::python
