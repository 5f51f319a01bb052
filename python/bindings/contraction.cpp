#include "heddle/rectified/contraction.hpp"

#include <nanobind/nanobind.h>

#include <sstream>

#include "modules.hpp"
#include "value.hpp"

namespace heddle::python {
namespace {

using namespace nb::literals;

std::string describe(const NormContraction& found) {
    return "NormContraction(" + found.statement + ")";
}

std::string describe(const FrequencyTest& test) {
    std::ostringstream text;
    text << "FrequencyTest(" << (test.certified ? "passed" : "not passed") << ", margin "
         << test.margin << " at " << test.frequency << " rad/s)";
    return text.str();
}

void bind_values(nb::module_& module) {
    Value<NormContraction>(module, "NormContraction",
                           "What a weighted l1 or l∞ norm proves about any two trajectories.",
                           [](const NormContraction& found) { return describe(found); })
        .required("norm", &NormContraction::norm, "'l1' or 'linf'.")
        .required("rate", &NormContraction::rate,
                  "1/s, rounded down: |x(t) − y(t)| ≤ e^{−rate t} |x(0) − y(0)|.")
        .required("best", &NormContraction::best,
                  "The largest rate that any weights could prove, to rounding, 1/s.")
        .required("weights", &NormContraction::weights,
                  "η, shape (n,): max |x_i| / η_i or Σ η_i |x_i|.")
        .required("certified", &NormContraction::certified, "rate > 0.")
        .required("statement", &NormContraction::statement, "In a sentence.")
        .done();
    Value<FrequencyTest>(module, "FrequencyTest",
                         "The frequency test of a threshold-linear network.",
                         [](const FrequencyTest& test) { return describe(test); })
        .required("margin", &FrequencyTest::margin, "min over ω of λ_min(H(ω)), rounded down.")
        .required("frequency", &FrequencyTest::frequency, "ω of the minimum, rad/s.")
        .required("direction", &FrequencyTest::direction, "Its eigenvector, shape (m,).")
        .required("abscissa", &FrequencyTest::abscissa,
                  "max Re of the eigenvalues of L, plus ρ τ; below 0 is required.")
        .required("distance", &FrequencyTest::distance,
                  "Of the Hamiltonian's eigenvalues to the imaginary axis, relative to its norm.")
        .required("certified", &FrequencyTest::certified, "margin > 0 over all frequencies.")
        .done();
}

}  // namespace

void bind_contraction(nb::module_& module) {
    bind_values(module);
    module.def(
        "norm_contraction",
        [](const Network& network, const std::string& norm, const std::string& form) {
            return norm_contraction(network, norm, form);
        },
        "network"_a, "norm"_a = "linf", "form"_a = "input",
        R"(Contraction of a network in a weighted l1 or l∞ norm, with the best weights.

For slopes in [0, 1], or 1 for linear networks, the logarithmic norm of −1 + W D (form 'input') or
−1 + D W ('rate') is, for the best weights, the Perron root of a Metzler matrix made of |W_ij|. Slopes of
populations of spiking neurons are in [0, s], s = `slope_bound`: s W takes W's place.

Returns a NormContraction. Raises DomainError for other words, and exponential hazards. Cost: about 6 LU factorisations.
Davydov, Proskurnikov & Bullo (2022), arXiv 2110.08298.)");
    module.def("slope_bound", &slope_bound, "network"_a, R"(sup φ' of a network's units, rounded up.

1 for responses with a name. Raises DomainError for exponential hazards, whose slopes have no bound.)");
    module.def(
        "frequency_test",
        [](const ThresholdLinear& system, nb::handle multipliers, double rate) {
            return frequency_test(system, to_eigen<Vector>(multipliers, "multipliers"), rate);
        },
        "system"_a, "multipliers"_a, "rate"_a = 0.0,
        R"(Whether H(ω) = D (1 − G(iω)) + (1 − G(iω))ᴴ D ≻ 0 for all ω, D = diag(multipliers).

G(s) = Q (s − ρ τ − L)⁻¹ P, time in τ; then all trajectories approach each other at `rate` (ρ, 1/s).
Proven for all ω by the eigenvalues of a Hamiltonian matrix, shape (2 n, 2 n). `contraction` finds
multipliers, shape (m,).

Returns a FrequencyTest. Raises ShapeError or DomainError. Cost: eigenvalues of that matrix 3 to 6
times. Boyd, Balakrishnan & Kabamba (1989), Math. Control Signals Systems 2(3).)");
}

}  // namespace heddle::python
