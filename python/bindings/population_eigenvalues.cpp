#include "heddle/population/population_eigenvalues.hpp"

#include <nanobind/nanobind.h>

#include "circuit_values.hpp"
#include "modules.hpp"
#include "noise_theory.hpp"
#include "value.hpp"

namespace heddle::python {
namespace {

using namespace nb::literals;

void bind_eigenvalues(nb::module_& module) {
    using Found = PopulationEigenvalues;
    Value<Found>(
        module, "PopulationEigenvalues", "Eigenvalues of a circuit around a stationary state.",
        [](const Found& found) { return "PopulationEigenvalues(" + found.statement + ")"; })
        .required("names", &Found::names, "Of populations.")
        .required("rates", &Found::rates, "Of the stationary state, Hz.")
        .required("eigenvalues", &Found::eigenvalues, "λ, 1/s, from right to left.")
        .required("residual", &Found::residual, "|F / F'| at each, F = det(1 − M), 1/s.")
        .required("left", &Found::left, "Border of the region, 1/s.")
        .required("counted", &Found::counted, "Zeros in the region, by the turns of F around it.")
        .required("unstable", &Found::unstable,
                  "Zeros with Re λ > 0, by the turns of F along the imaginary axis.")
        .required("complete", &Found::complete, "Are all that were counted among them?")
        .required("stable", &Found::stable, "Is `unstable` 0?")
        .required("assumptions", &Found::assumptions, "A sentence each.")
        .required("statement", &Found::statement, "In a sentence.")
        .done();
}

constexpr const char* what_it_does =
    R"(The modes e^{λt} in which a circuit returns to its stationary state, or leaves it.

    det(1 − M(λ)) = 0 ,   M = χ W as in `linear_response`, iω → λ

with delays, synapses, refractoriness and adaptation: all λ of the region left < Re λ < right,
|Im λ| < 2π highest, counted by how often the determinant turns around 0 along its boundary, and
found by cutting it until each piece holds one. Those right of 0 are counted a second time, along
the imaginary axis.

circuit  populations of neurons with escape noise ('gif'), or of leaky ones ('lif')
left     1/s; −∞: as far left as the theory goes, at most −100 /s. It is known what lies right of
         −¾ of the least of: hazards of old neurons, 1 / tau of their adaptation, rates at which the
         last leaky neurons reach threshold
right    1/s
highest  Hz
rates    near which the stationary state is; needed if there are several
theory   of leaky neurons, as in `stationary_rates`

Returns PopulationEigenvalues. Raises DomainError for what `linear_response` refuses and a region
too far left; NotConverged if an eigenvalue lies on its border. Some thousand determinants, each
0.2 ms a population.)";

}  // namespace

void bind_population_eigenvalues(nb::module_& module) {
    bind_eigenvalues(module);
    module.def(
        "population_eigenvalues",
        [](const Circuit& circuit, double left, double right, double highest, nb::handle rates,
           const std::string& theory) {
            const LinearOptions options{
                rates.is_none() ? Vector() : to_eigen<Vector>(rates, "rates"), theory_from(theory)};
            const nb::gil_scoped_release release;
            return population_eigenvalues(circuit, {left, right, highest}, options);
        },
        "circuit"_a, nb::kw_only(), "left"_a = -std::numeric_limits<double>::infinity(),
        "right"_a = 300.0, "highest"_a = 200.0, "rates"_a = nb::none(), "theory"_a = "shifted",
        what_it_does);
}

}  // namespace heddle::python
