#include "heddle/population/rate_units.hpp"

#include <nanobind/nanobind.h>

#include "arrays.hpp"
#include "circuit_values.hpp"
#include "closures.hpp"
#include "heddle/core/error.hpp"
#include "heddle/core/similar.hpp"
#include "modules.hpp"
#include "value.hpp"

namespace heddle::python {

Closure closure_from(const std::string& name) {
    if (name == "full") return Closure::full;
    if (name == "heterogeneity") return Closure::heterogeneity;
    if (name == "mean") return Closure::mean;
    throw DomainError("closure is '" + name + "'" +
                      did_you_mean(name, {"full", "heterogeneity", "mean"}));
}

namespace {

using namespace nb::literals;

constexpr const char* what_rate_units_do = R"(One rate unit for each population of a circuit.

circuit    populations of gif neurons, V_reset not above V_T_star
duration   ms recorded
transient  ms before
step       ms; delays are rounded to it, and are at least one
bin        ms; a multiple of the step
closure    "full", "heterogeneity" or "mean": what is kept of the differences between neurons

Returns a RateUnitRecording. Raises DomainError, naming what a rate unit cannot describe.)";

constexpr const char* what_the_equations_are =
    R"(One rate unit for each population, as RateEquations.

    tau_m ẏ = −y + s ,   m = μ + W·y − Σ m_l ,   A = Φ(m, v)
    v = yᵀ C y − 2 y·c + C_aa + σ_d²

with an equation for each of s, y, mean adaptation, its covariance with in-weights and its variance.
Of neurons that are refractory or reset Φ is the mean stationary rate, and two states follow how
many are ready.

circuit  as in `rate_units`
closure  "full"; "heterogeneity": adaptation by its mean only; "mean": no differences at all

Returns RateEquations, to print, solve, follow over a parameter. Raises DomainError, naming what a
rate unit cannot describe and what would.)";

constexpr const char* what_a_transfer_is = R"(Φ and ∂Φ/∂m at many means and variances.

neuron    EscapeNeuron
mean      of V − ϑ, mV, shape (n,)
variance  mV², ≥ 0, shape (n,)

Returns (rate, gain), Hz and Hz/mV.)";

nb::tuple transfers(const EscapeNeuron& neuron, nb::handle mean, nb::handle variance) {
    const auto means = to_eigen<Vector>(mean, "mean");
    const auto variances = to_eigen<Vector>(variance, "variance");
    if (means.size() != variances.size())
        throw ShapeError("variance", std::to_string(means.size()),
                         std::to_string(variances.size()));
    Vector rate(means.size()), gain(means.size());
    for (Index i = 0; i < means.size(); ++i) {
        const EffectiveTransfer found = effective_transfer(neuron, means(i), variances(i));
        rate(i) = found.rate;
        gain(i) = found.gain;
    }
    return nb::make_tuple(to_numpy(std::move(rate)), to_numpy(std::move(gain)));
}

std::string describe(const RateUnitRecording& recording) {
    return "RateUnitRecording(" + std::to_string(recording.names.size()) + " populations, " +
           std::to_string(recording.activity.cols()) + " bins)";
}

void bind_rate_unit_recording(nb::module_& module) {
    using Recording = RateUnitRecording;
    Value<Recording>(module, "RateUnitRecording", "What rate units did, with its evidence.",
                     [](const Recording& recording) { return describe(recording); })
        .required("names", &Recording::names, "Of populations.")
        .required("bin", &Recording::bin, "ms.")
        .required("activity", &Recording::activity, "A, Hz, shape (populations, bins).")
        .required("mean", &Recording::mean, "m at the ends of bins, mV.")
        .required("variance", &Recording::variance, "v at the ends of bins, mV².")
        .required("step_error", &Recording::step_error,
                  "Largest difference from half the step, Hz.")
        .required("assumptions", &Recording::assumptions,
                  "What a simulation of the neurons does not assume.")
        .done();
}

}  // namespace

void bind_rate_units(nb::module_& module) {
    bind_rate_unit_recording(module);
    module.def("effective_transfer", &transfers, "neuron"_a, "mean"_a, "variance"_a,
               what_a_transfer_is);
    module.def(
        "rate_unit_equations",
        [](const Circuit& circuit, const std::string& closure) {
            return rate_unit_equations(circuit, closure_from(closure));
        },
        "circuit"_a, nb::kw_only(), "closure"_a = "full", what_the_equations_are);
    module.def(
        "rate_units",
        [](const Circuit& circuit, double duration, double transient, double step, double bin,
           const std::string& closure) {
            const RateUnitOptions options{duration, transient, step, bin, closure_from(closure)};
            const nb::gil_scoped_release release;
            return rate_units(circuit, options);
        },
        "circuit"_a, nb::kw_only(), "duration"_a = 1000.0, "transient"_a = 0.0, "step"_a = 0.5,
        "bin"_a = 1.0, "closure"_a = "full", what_rate_units_do);
}

}  // namespace heddle::python
