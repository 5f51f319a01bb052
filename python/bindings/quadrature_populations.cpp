#include "heddle/population/quadrature_populations.hpp"

#include <nanobind/nanobind.h>

#include "arrays.hpp"
#include "circuit_values.hpp"
#include "heddle/core/error.hpp"
#include "modules.hpp"
#include "value.hpp"

namespace heddle::python {
namespace {

using namespace nb::literals;

std::string describe(const QuadraturePopulations& split) {
    return "QuadraturePopulations(" + std::to_string(split.weights.rows()) + " populations as " +
           std::to_string(split.weights.cols()) + ")";
}

nb::object activity_of(const QuadraturePopulations& split, nb::handle activity) {
    const auto parts = to_eigen<Matrix>(activity, "activity");
    if (parts.rows() != split.weights.cols())
        throw ShapeError("activity",
                         "(" + std::to_string(split.weights.cols()) + ", bins), of all parts",
                         shape_text(parts.rows(), parts.cols()));
    return to_numpy(Matrix(split.weights * parts));
}

void bind_split(nb::module_& module) {
    using Found = QuadraturePopulations;
    Value<Found>(module, "QuadraturePopulations",
                 "A circuit whose populations have neurons that do not differ, and the way back.",
                 [](const Found& found) { return describe(found); })
        .required("circuit", &Found::circuit, "The circuit of the parts.")
        .required("names", &Found::names, "Of populations before.")
        .required("weights", &Found::weights,
                  "Shape (populations before, after): A = weights @ A_q, rows sum to 1.")
        .required("labels", &Found::labels, "What neurons differed in.")
        .required("assumptions", &Found::assumptions, "What was left out, a sentence each.")
        .done()
        .def("activity", &activity_of, "activity"_a,
             "Activities of the populations before, from those of all parts, shape (parts, bins). "
             "Raises ShapeError.");
}

constexpr const char* what_it_does =
    R"(Splits populations whose neurons differ into populations whose neurons do not.

    A(t) = ⟨A(t | z)⟩ ≈ Σ_q ω_q A_q(t)

A label z is what neurons differ in and what stays as drawn: a quenched parameter, the sum of a
neuron's synapses of a projection, a current of its own. At the nodes of Gauss's rule each is a
population of N ω_q neurons (rounded, at least one) with that parameter and that in-weight, all
combinations of labels; `mesoscopic`, `rate_units` and `simulate` run on the result, and
`result.activity(recording.activity)` adds up. Projections into or from parts become all-to-all:
the mean input of each label is kept, the noise of few synapses is not.

circuit  any, with what follows
nodes    of each label. A parameter's are the quantiles of its law at those of Gauss and Hermite:
         exact for polynomials of degree below 2 nodes in a normal parameter
skewed   in-weights with the skewness of the sums that neurons draw, as a Pearson III law; False:
         Gaussian
spread   ⟨r²⟩ / ⟨r⟩² of the sources of synapses that are drawn one by one, ≥ 1: they also differ by
         whom they come from (`stationary_distributions` knows it)
most     populations that one may be split into

Returns QuadraturePopulations. Raises DomainError, with what would do: one-to-one projections and
given edges between what is split, degrees that go together, shared noise, more populations than
`most`, with the number. Costs O(nodes²) projections for each.)";

}  // namespace

void bind_quadrature_populations(nb::module_& module) {
    bind_split(module);
    module.def(
        "quadrature_populations",
        [](const Circuit& circuit, Index nodes, bool skewed, double spread, Index most) {
            return quadrature_populations(circuit, {nodes, skewed, spread, most});
        },
        "circuit"_a, nb::kw_only(), "nodes"_a = 9, "skewed"_a = true, "spread"_a = 1.0,
        "most"_a = 500, what_it_does);
}

}  // namespace heddle::python
