#include "heddle/population/linear_response.hpp"

#include <nanobind/nanobind.h>

#include "circuit_values.hpp"
#include "modules.hpp"
#include "noise_theory.hpp"
#include "value.hpp"

namespace heddle::python {
namespace {

using namespace nb::literals;

void bind_response(nb::module_& module) {
    using Response = LinearResponse;
    Value<Response>(module, "LinearResponse",
                    "How a circuit answers small signals and its own noise.",
                    [](const Response& found) {
                        return "LinearResponse(" + std::to_string(found.names.size()) +
                               " populations, " + std::to_string(found.frequencies.size()) +
                               " frequencies; " + found.statement + ")";
                    })
        .required("names", &Response::names, "Of populations.")
        .required("sizes", &Response::sizes, "Neurons of each.")
        .required("frequencies", &Response::frequencies, "f, Hz.")
        .required("rates", &Response::rates, "Of the stationary state, Hz.")
        .required("susceptibility", &Response::susceptibility,
                  "χ, Hz / mV of the mean input, shape (populations, frequencies).")
        .required("uncoupled", &Response::uncoupled,
                  "D, spectra without connections, Hz, the same shape.")
        .required("connectivity", &Response::connectivity,
                  "M = χ W: a matrix (populations, populations) for each frequency.")
        .required("propagator", &Response::propagator, "Q = (1 − M)⁻¹, likewise.")
        .required("spectra", &Response::spectra,
                  "S_ab = ∫ ⟨δA_a(t + s) δA_b(t)⟩ e^{−2πi f s} ds, Hz, likewise.")
        .required("coherence", &Response::coherence, "|S_ab|² / (S_aa S_bb), likewise.")
        .required("response", &Response::response,
                  "Of population a to a current into the neurons of b, Hz / pA, likewise.")
        .required("deviation", &Response::deviation,
                  "Standard deviation of what the circuit's own spikes make of the expected "
                  "activity, up to 1 kHz, Hz; infinite if unstable.")
        .required("unstable", &Response::unstable, "Eigenvalues with Re λ > 0.")
        .required("trusted", &Response::trusted,
                  "Stable, and every deviation at most 0.3 of the rate?")
        .required("assumptions", &Response::assumptions, "A sentence each.")
        .required("statement", &Response::statement, "In a sentence.")
        .done();
}

constexpr const char* what_it_does =
    R"(The linear response of a circuit around its stationary state, and its spectra.

    δA = χ δμ + ξ ,   δμ = W δA + (tau_m / C_m) δI ,   ⟨ξ ξᴴ⟩ = D ,   Q = (1 − χ W)⁻¹
    W_ab = tau_m Σ K_ab ⟨J_ab⟩ ⟨e^{−iωd}⟩ / (1 + iω tau_syn) ,   S = Q D Qᴴ

K mean in-degrees, J the jump of V that a spike is worth; alpha synapses have the filter squared,
delta synapses none. Neurons with escape noise have the χ of their ages, with quasi-renewal
adaptation, leaky neurons that of `siegert_susceptibility`; D is the spectrum of as many renewal
processes, (A / N) (1 − |P̂|²) / |1 − P̂|². Spectra are those that `power_spectrum` and `coherence`
estimate: two-sided, in Hz, S_aa → A_a / N for high f.

circuit      populations of neurons with escape noise ('gif'), or of leaky ones ('lif')
frequencies  Hz, ≥ 0, shape (m,)
rates        near which the stationary state is; needed if there are several
theory       of leaky neurons, as in `stationary_rates`

Returns a LinearResponse. `unstable` counts the eigenvalues right of 0, by the turns of det(1 − M)
along the imaginary axis; `trusted` is false if there are some, or if the fluctuations that linear
theory predicts are more than 0.3 of a rate, and `statement` says so. Raises DomainError, naming
what the theory does not describe and what does, or the stationary states if there are several.
About 0.3 ms a frequency and population. Gerstner (2000), Neural Comput 12:43; Lindner, Doiron &
Longtin (2005), Phys Rev E 72:061919; Bos, Diesmann & Helias (2016), PLoS Comput Biol 12:e1005132.)";

}  // namespace

void bind_linear_response(nb::module_& module) {
    bind_response(module);
    module.def(
        "linear_response",
        [](const Circuit& circuit, nb::handle frequencies, nb::handle rates,
           const std::string& theory) {
            const auto f = to_eigen<Vector>(frequencies, "frequencies");
            const LinearOptions options{
                rates.is_none() ? Vector() : to_eigen<Vector>(rates, "rates"), theory_from(theory)};
            const nb::gil_scoped_release release;
            return linear_response(circuit, f, options);
        },
        "circuit"_a, "frequencies"_a, nb::kw_only(), "rates"_a = nb::none(), "theory"_a = "shifted",
        what_it_does);
}

}  // namespace heddle::python
