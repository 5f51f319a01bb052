#pragma once

#include <nanobind/nanobind.h>

#include "heddle/equations/rate_equations.hpp"

namespace heddle::python {

/// What continuation of rate equations returns.
void bind_equation_branches(nanobind::module_& module);

/// Its methods.
void add_continuation(nanobind::class_<RateEquations>& type);

}  // namespace heddle::python
