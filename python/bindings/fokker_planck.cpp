#include "heddle/population/fokker_planck.hpp"

#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>

#include "circuit_values.hpp"
#include "long_call.hpp"
#include "modules.hpp"
#include "value.hpp"

namespace heddle::python {
namespace {

using namespace nb::literals;

constexpr const char* what_it_does =
    R"(Densities of the potentials of leaky and exponential populations that drive each other.

    ∂_t p = −∂_V J ,   τ_m J = (μ(t) − ⟨w⟩ / g_L − V + ψ(V)) p − (σ(t)² / 2) ∂_V p
    r(t) = J(V_peak) ,   r(t − t_ref) enters at V_reset
    tau_w ⟨w⟩' = a (⟨V⟩ − E_w) − ⟨w⟩ + b tau_w r
    μ = E_L + R (I_e + I(t)) + τ_m Σ K ⟨J⟩ s ,   σ² = σ_own² + τ_m Σ K ⟨J²⟩ s
    tau_syn ṡ = −s + r_source(t − d)

for infinitely many neurons: finite volumes with exact exponentials of the drift in each cell, and
TR-BDF2 in time, L-stable and of second order. What leaves at V_peak is counted and enters again to
the last digit. Slow, and exact up to what its fields say: what faster models are measured by.

circuit        lif or adex neurons; delta or exponential currents with one delay each; own noise,
               Poisson spikes, currents that all neurons share, private Ornstein–Uhlenbeck currents
duration       ms recorded
transient      ms before; inputs count from its start
step           ms; delays are rounded to it, and are at least one
bin            ms; a multiple of the step
spacing        of the grid of V, mV; 0: a sixteenth of the noise without spikes, at most
               Delta_T / 8 and σ² / 2 (μ − V_reset): wider cells add noise of their own
V_low          lower end of the grid, mV; None: five times V_th − V_reset below the lowest of V_reset,
               E_L and V without spikes
measure_error  run again with half the step and half the spacing, at five times the cost
progress       progress(done, total) in bins; may raise to stop

Returns a FokkerPlanckRecording. Raises DomainError or ShapeError, naming what a density of V does not
describe and what does. 1 s of one population takes a second or so. Augustin, Ladenbauer, Baumann &
Obermayer (2017), PLoS Comput Biol 13:e1005545.)";

std::string describe(const FokkerPlanckRecording& found) {
    return "FokkerPlanckRecording(" + std::to_string(found.names.size()) + " populations, " +
           std::to_string(found.activity.cols()) + " bins)";
}

void bind_recording(nb::module_& module) {
    using Recording = FokkerPlanckRecording;
    Value<Recording>(module, "FokkerPlanckRecording",
                     "What densities of potentials did, with the evidence.",
                     [](const Recording& found) { return describe(found); })
        .required("names", &Recording::names, "Of populations.")
        .required("bin", &Recording::bin, "ms.")
        .required("activity", &Recording::activity, "Hz, shape (populations, bins).")
        .required("mean_potential", &Recording::mean_potential,
                  "⟨V⟩ at the ends of bins, refractory neurons at V_reset, mV.")
        .required("adaptation", &Recording::adaptation, "⟨w⟩ at the ends of bins, pA.")
        .required("spacing", &Recording::spacing, "Of each population's grid, mV.")
        .required("mass_error", &Recording::mass_error, "Largest |∫ p + refractory − 1|: rounding.")
        .required("least_density", &Recording::least_density,
                  "Most negative probability of a cell; 0: none was.")
        .required("edge_share", &Recording::edge_share,
                  "Largest probability in the lowest fiftieth of the grid.")
        .required("error", &Recording::error,
                  "Largest difference from half step and spacing, Hz; empty if not asked for.")
        .required("assumptions", &Recording::assumptions, "What a simulation does not assume.")
        .done();
}

}  // namespace

void bind_fokker_planck(nb::module_& module) {
    bind_recording(module);
    module.def(
        "fokker_planck",
        [](const Circuit& circuit, double duration, double transient, double step, double bin,
           double spacing, std::optional<double> V_low, bool measure_error, nb::handle progress) {
            const FokkerPlanckOptions options{duration, transient, step,         bin,
                                              spacing,  V_low,     measure_error};
            return long_call(progress, [circuit, options](LongCall& call) {
                return fokker_planck(circuit, options, call.progress());
            });
        },
        "circuit"_a, nb::kw_only(), "duration"_a = 1000.0, "transient"_a = 0.0, "step"_a = 0.1,
        "bin"_a = 1.0, "spacing"_a = 0.0, "V_low"_a = nb::none(), "measure_error"_a = false,
        "progress"_a = nb::none(), what_it_does);
}

}  // namespace heddle::python
