#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "convert.hpp"
#include "heddle/circuit/circuit.hpp"

// How the parts of a circuit come from Python and go back: variants as one of their classes, kinds
// as text, a number as a constant Distribution, long lists as NumPy arrays.
namespace heddle::python {

[[nodiscard]] const char* name_of(Distribution::Kind kind);
[[nodiscard]] const char* name_of(Adaptation::Kind kind);
[[nodiscard]] const char* name_of(Synapse::Kind kind);
/// "all_to_all", "fixed_indegree", …
[[nodiscard]] const char* name_of(const Rule& rule);

using Drive = decltype(Input::drive);
using Quenched = std::map<std::string, Distribution>;

#define HEDDLE_CONVERTS(...)                                                          \
    template <>                                                                       \
    [[nodiscard]] __VA_ARGS__ from_python(nb::handle value, const std::string& name); \
    template <>                                                                       \
    [[nodiscard]] nb::object to_python(const __VA_ARGS__& field, nb::handle owner);

HEDDLE_CONVERTS(Hazard)
HEDDLE_CONVERTS(Distribution::Kind)
HEDDLE_CONVERTS(Adaptation::Kind)
HEDDLE_CONVERTS(Synapse::Kind)
HEDDLE_CONVERTS(Neuron)
HEDDLE_CONVERTS(Rule)
HEDDLE_CONVERTS(Drive)
HEDDLE_CONVERTS(Quenched)
HEDDLE_CONVERTS(std::vector<double>)
HEDDLE_CONVERTS(std::vector<std::uint32_t>)

#undef HEDDLE_CONVERTS

template <>
[[nodiscard]] Distribution from_python(nb::handle value, const std::string& name);
template <>
[[nodiscard]] Synapse from_python(nb::handle value, const std::string& name);

}  // namespace heddle::python
