#include "heddle/population/mesoscopic.hpp"

#include <nanobind/nanobind.h>

#include <atomic>
#include <memory>
#include <sstream>

#include "circuit_values.hpp"
#include "long_call.hpp"
#include "modules.hpp"
#include "value.hpp"

namespace heddle::python {
namespace {

using namespace nb::literals;

constexpr const char* what_it_does = R"(The activity of finite populations of neurons with escape
noise, by their ages (times since the last spike), without a single neuron:

    A_N(t) h ~ Binomial(N, Ā h) / N
    Ā(t) = ∫ λ S A_N dt̂  +  Λ(t) [ 1 − ∫ S A_N dt̂ ] ,   Λ = ∫ λ v dt̂ / ∫ v dt̂
    ∂_t S = −λ S ,   ∂_t v = −2 λ v + λ S A_N ,   λ(t, t̂) = f(V(t, t̂) − ϑ(t, t̂))

with S(t, t̂) the part of those that fired at t̂ that has been silent since, V reset at t̂ and moved by
the population's mean input, and v the variance that survivors owe to chance. With
finite_size=False it is the refractory density of infinitely many neurons.

duration     ms recorded
transient    ms before, not recorded; inputs count from its start
step         ms; the error is of its second order
seed         of the numbers of spikes; the same seed gives the same bits
finite_size  False: N → ∞, deterministic
bin          of the activity, ms; a multiple of the step
history      ms after which ages are told apart no longer; 0: where a spike moves the threshold by
             less than 0.1 Delta_V and the reset is forgotten (5 tau_m), at most 20 s
own_noise    follow what each neuron receives for itself: what its synapses do not share with those
             of others (a share p of all, weights that differ), Poisson inputs, noise of membrane
             and currents; where False, the first is left out and the others are refused
progress     progress(done, total) in steps; what it raises stops the run, and if it returns False
             the run ends there, with a recording of what came before

Membranes and synapses move by the propagators of `simulate`. Random connections enter by their mean
in-degree, adaptation is quasi-renewal; the recording's `assumptions` say what holds for the circuit
at hand, `history_error`, `mass_residual` and `conservation_error` what was measured.

Returns a MesoscopicRecording. Raises DomainError or ShapeError, naming what is wrong, before any
computation: neurons without a hazard, conductances, quenched parameters other than V_m, inputs or
noise of each neuron's own unless own_noise, delays that differ, low-rank weights, currents of
adaptation in neurons with a reset; for own_noise neurons that are not reset, alpha synapses, noise
of more than two correlation times. A step moves history / step bins for each population, whatever their sizes.
Schwalger, Deger & Gerstner (2017), PLoS Comput Biol 13:e1005507; Naud & Gerstner (2012), PLoS
Comput Biol 8:e1002711.)";

/// All that a run needs.
struct Run {
    Circuit circuit;
    MesoscopicOptions options;
    std::shared_ptr<std::atomic<bool>> stopped;

    MesoscopicRecording operator()(LongCall& call) {
        options.stop = [flag = stopped] { return flag->load(); };
        return mesoscopic(circuit, options, call.progress());
    }
};

/// Tells `progress`, and remembers if it returns False.
nb::object watched(nb::object progress, std::shared_ptr<std::atomic<bool>> stopped) {
    if (progress.is_none()) return progress;
    return nb::cpp_function([progress, stopped](std::size_t done, std::size_t total) {
        const nb::object answer = progress(done, total);
        if (answer.ptr() == Py_False) stopped->store(true);
    });
}

void bind_function(nb::module_& module) {
    module.def(
        "mesoscopic",
        [](const Circuit& circuit, double duration, double transient, double step,
           std::uint64_t seed, bool finite_size, double bin, double history, bool own_noise,
           nb::object progress) {
            const MesoscopicOptions options{duration, transient, step,      seed, finite_size,
                                            bin,      history,   own_noise, {}};
            const auto stopped = std::make_shared<std::atomic<bool>>(false);
            return long_call(watched(std::move(progress), stopped), Run{circuit, options, stopped});
        },
        "circuit"_a, nb::kw_only(), "duration"_a = 1000.0, "transient"_a = 0.0, "step"_a = 0.5,
        "seed"_a = 0, "finite_size"_a = true, "bin"_a = 1.0, "history"_a = 0.0,
        "own_noise"_a = false, "progress"_a = nb::none(), what_it_does);
}

std::string describe(const MesoscopicRecording& recording) {
    std::ostringstream text;
    text << "MesoscopicRecording(" << recording.names.size() << " populations, "
         << recording.duration << " ms, " << (recording.completed ? "complete" : "not complete")
         << ")";
    return text.str();
}

void bind_recording(nb::module_& module) {
    using Recording = MesoscopicRecording;
    Value<Recording>(module, "MesoscopicRecording",
                     "Activities of populations; times count from the end of the transient.",
                     [](const Recording& recording) { return describe(recording); })
        .required("names", &Recording::names, "Of populations.")
        .required("sizes", &Recording::sizes, "Neurons of each.")
        .required("duration", &Recording::duration, "ms recorded; less than asked for if stopped.")
        .required("transient", &Recording::transient, "ms before.")
        .required("step", &Recording::step, "ms.")
        .required("bin", &Recording::bin, "ms.")
        .required("activity", &Recording::activity,
                  "A_N(t) = spikes / (N bin), Hz, shape (populations, bins).")
        .required("expected", &Recording::expected,
                  "What the activity scatters around, given its past, Hz, the same shape.")
        .required("history", &Recording::history,
                  "Of each population, ms: neurons silent for longer are one cohort.")
        .required("history_error", &Recording::history_error,
                  "Of each: mean |V − V_free| / Delta_V of neurons as they leave the history.")
        .required("mass_residual", &Recording::mass_residual,
                  "Of each: largest number of survivors expected in excess or in want, over √N.")
        .required("conservation_error", &Recording::conservation_error,
                  "Of each: largest share of neurons that a step lost or made: rounding.")
        .required(
            "noise_ratio", &Recording::noise_ratio,
            "Of each: what own noise makes of V at spikes, a standard deviation over Delta_V; "
            "up to 1.3 rates are right to 1 %, at 2 to 10 %; 0 without own_noise.")
        .required("assumptions", &Recording::assumptions,
                  "What was assumed beyond the circuit, in sentences.")
        .required("run_seconds", &Recording::run_seconds, "Wall clock.")
        .required("bins_per_second", &Recording::bins_per_second, "Age bins moved in one of them.")
        .required("completed", &Recording::completed, "Did it run to its end?")
        .required("statement", &Recording::statement, "If not: why, with the time.")
        .done();
}

}  // namespace

void bind_mesoscopic(nb::module_& module) {
    bind_recording(module);
    bind_function(module);
}

}  // namespace heddle::python
