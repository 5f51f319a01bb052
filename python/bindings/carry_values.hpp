#pragma once

#include <nanobind/nanobind.h>

namespace heddle::python {

/// CarriedLibrary and what is measured and proven of it.
void bind_carry_values(nanobind::module_& module);

}  // namespace heddle::python
