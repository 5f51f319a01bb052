#pragma once

#include "convert.hpp"
#include "heddle/rectified/continuation.hpp"

namespace heddle::python {

// Outcomes and kinds of events are their names in Python.
template <>
[[nodiscard]] nb::object to_python(const CycleOutcome& field, nb::handle owner);
template <>
[[nodiscard]] CycleOutcome from_python(nb::handle value, const std::string& name);
template <>
[[nodiscard]] nb::object to_python(const BranchEventKind& field, nb::handle owner);
template <>
[[nodiscard]] BranchEventKind from_python(nb::handle value, const std::string& name);

}  // namespace heddle::python
