#include "heddle/population/levels.hpp"

#include <nanobind/stl/optional.h>

#include "circuit_values.hpp"
#include "modules.hpp"
#include "value.hpp"

namespace heddle::python {
namespace {

using namespace nb::literals;

std::string describe(const Level& level) {
    return "Level(" + level.name + (level.describes ? ")" : ": " + level.reason + ")");
}

}  // namespace

void bind_levels(nb::module_& module) {
    Value<Level>(
        module, "Level",
        "A way to tell a circuit by the rates of its populations, and whether it describes "
        "this one.",
        [](const Level& level) { return describe(level); })
        .required("name", &Level::name, "What `reduce` takes.")
        .required("title", &Level::title, "In a few words.")
        .required("function", &Level::function, "Name of the function that derives or solves it.")
        .required("equations", &Level::equations, "Is it RateEquations that `reduce` returns?")
        .required("describes", &Level::describes, "Does it describe the circuit?")
        .required("reason", &Level::reason, "If not: why, and what would.")
        .done();
    module.def("levels_of", &levels_of, "circuit"_a,
               "All levels of rate equations, from the most exact to the simplest, each asked "
               "whether it describes the circuit: a list of Level. Raises DomainError as "
               "`validate`.");
    module.def(
        "reduce",
        [](const Circuit& circuit, const std::optional<std::string>& level) {
            return reduce(circuit, level.value_or(""));
        },
        "circuit"_a, "level"_a = nb::none(),
        R"(The rate equations of a circuit, at a level.

circuit  Circuit
level    a name of `levels_of`; the first that has equations and describes the circuit if None

Returns RateEquations, to print, solve, follow over a parameter, export. Raises DomainError with the
reason why a level does not describe the circuit, and those that do.)");
}

}  // namespace heddle::python
