#include "heddle/spiking/simulate.hpp"

#include <nanobind/nanobind.h>
#include <nanobind/stl/shared_ptr.h>

#include <atomic>
#include <memory>
#include <sstream>

#include "circuit_values.hpp"
#include "heddle/core/error.hpp"
#include "heddle/core/similar.hpp"
#include "long_call.hpp"
#include "modules.hpp"
#include "spike_arrays.hpp"
#include "value.hpp"

namespace heddle::python {
namespace {

using namespace nb::literals;

constexpr std::size_t chunk = 65'536;  // Spikes that a sink receives at once.

SpikeTimes spike_times_from(const std::string& name) {
    if (name == "interpolated") return SpikeTimes::interpolated;
    if (name == "grid") return SpikeTimes::grid;
    throw DomainError("spike_times is '" + name + "'" +
                      did_you_mean(name, {"interpolated", "grid"}));
}

/// Collects spikes and hands them to a Python callable, many at once.
class Chunks {
  public:
    Chunks(LongCall& call, PyObject* sink) : call_(call), sink_(sink) {}

    void take(std::span<const Spike> spikes) {
        held_.insert(held_.end(), spikes.begin(), spikes.end());
        if (held_.size() >= chunk) send();
    }

    void send() {
        if (held_.empty()) return;
        call_.on_caller([this] {
            const nb::tuple arrays = spike_arrays(std::move(held_));
            const nb::handle receiver(sink_);
            receiver(arrays[0], arrays[1]);
        });
        held_ = {};
    }

  private:
    LongCall& call_;
    PyObject* sink_;  // The caller holds it for as long as the call lasts.
    std::vector<Spike> held_;
};

/// All that a run needs.
struct Run {
    Circuit circuit;
    std::shared_ptr<const Connectome> connectome;
    SimulateOptions options;
    PyObject* sink;
    std::shared_ptr<std::atomic<bool>> stopped;

    SpikeRecording operator()(LongCall& call) {
        Chunks chunks(call, sink);
        SpikeSink receive;
        if (sink != nullptr) receive = [&](std::span<const Spike> spikes) { chunks.take(spikes); };
        options.stop = [flag = stopped] { return flag->load(); };
        SpikeRecording recording =
            connectome != nullptr
                ? simulate(circuit, *connectome, options, receive, call.progress())
                : simulate(circuit, options, receive, call.progress());
        chunks.send();
        return recording;
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

constexpr const char* what_it_does = R"(Simulates a circuit.

Linear membranes and synapses are propagated exactly; in-step spike times are solved for; a neuron
with escape noise fires when its integrated hazard reaches an exponential number drawn at its last
spike. White noise crosses thresholds between grid points with the probability of a Brownian bridge.

duration        ms recorded
transient       ms simulated before, not recorded
step            ms
spike_times     "interpolated": times inside the step, second order in the step; "grid": NEST's
                convention, spikes and arrivals at grid points
seed            of synapses, parameters and noise
threads         0: one per core; any number gives the same bits
bin             of activity and readouts, ms; a multiple of the step
keep_spikes     in the recording; else they go to `sink` only
probes          list of Probe
probe_interval  ms; the bin if 0
runaway_rate    Hz: a population faster than this for 50 ms stops the run; 0: never
memory          bytes that may be used; 0: no limit
regenerate      draw the synapses of a neuron again whenever it fires, in place of storing them
connectome      a Connectome to use; drawn from the seed if None
sink            sink(times, neurons), arrays in order of time: ms, and the neuron counted in the
                circuit; what it raises stops the run
progress        progress(done, total) in steps; what it raises stops the run, and if it returns
                False the run ends there, with a recording of what came before

Returns a SpikeRecording. Raises DomainError or ShapeError, naming what is wrong, before anything is
drawn. O(N) a step and O(1) a synaptic event.)";

void bind_function(nb::module_& module) {
    module.def(
        "simulate",
        [](const Circuit& circuit, double duration, double transient, double step,
           const std::string& spike_times, std::uint64_t seed, std::size_t threads, double bin,
           bool keep_spikes, const std::vector<Probe>& probes, double probe_interval,
           double runaway_rate, std::int64_t memory, bool regenerate,
           std::shared_ptr<Connectome> connectome, nb::object sink, nb::object progress) {
            const SimulateOptions options{duration,     transient,
                                          step,         spike_times_from(spike_times),
                                          seed,         threads,
                                          bin,          keep_spikes,
                                          probes,       probe_interval,
                                          runaway_rate, memory,
                                          regenerate,   {}};
            const auto stopped = std::make_shared<std::atomic<bool>>(false);
            PyObject* const receiver = sink.is_none() ? nullptr : sink.ptr();
            return long_call(watched(std::move(progress), stopped),
                             Run{circuit, connectome, options, receiver, stopped});
        },
        "circuit"_a, nb::kw_only(), "duration"_a = 1000.0, "transient"_a = 0.0, "step"_a = 0.1,
        "spike_times"_a = "interpolated", "seed"_a = 0, "threads"_a = 1, "bin"_a = 1.0,
        "keep_spikes"_a = false, "probes"_a = nb::list(), "probe_interval"_a = 0.0,
        "runaway_rate"_a = 500.0, "memory"_a = 0, "regenerate"_a = false,
        "connectome"_a.none() = nb::none(), "sink"_a = nb::none(), "progress"_a = nb::none(),
        what_it_does);
}

std::string describe(const SpikeRecording& recording) {
    Index neurons = 0;
    for (const Index size : recording.sizes) neurons += size;
    std::ostringstream text;
    text << "SpikeRecording(" << neurons << " neurons in " << recording.names.size()
         << " populations, " << recording.duration << " ms, "
         << (recording.completed ? "complete" : "not complete") << ")";
    return text.str();
}

std::string describe(const Probe& probe) {
    return "Probe('" + probe.population + "', " + probe.variable + " of " +
           std::to_string(probe.neurons.size()) + " neurons)";
}

void bind_recording(nb::module_& module) {
    using Recording = SpikeRecording;
    Value<Recording>(module, "SpikeRecording",
                     "What a simulation recorded; times count from the end of the transient.",
                     [](const Recording& recording) { return describe(recording); })
        .required("names", &Recording::names, "Of populations.")
        .required("sizes", &Recording::sizes, "Neurons of each.")
        .required("duration", &Recording::duration, "ms recorded; less than asked for if stopped.")
        .required("transient", &Recording::transient, "ms before.")
        .required("step", &Recording::step, "ms.")
        .required("bin", &Recording::bin, "ms.")
        .required("activity", &Recording::activity,
                  "A(t) = spikes / (N bin), Hz, shape (populations, bins).")
        .required("counts", &Recording::counts, "Spikes of each neuron.")
        .required("interval_mean", &Recording::interval_mean,
                  "Of each neuron's intervals, ms; 0 if there is none.")
        .required("interval_cv", &Recording::interval_cv,
                  "Their coefficient of variation; −1 if there are fewer than 2.")
        .required("spikes", &Recording::spikes,
                  "(times, neurons): ms, and the neuron counted in the circuit; empty unless kept.")
        .required("traces", &Recording::traces, "Of each probe, shape (neurons, samples).")
        .required("readouts", &Recording::readouts, "Of each readout, Hz, shape (d, bins).")
        .required("synapses", &Recording::synapses,
                  "Drawn; if they are regenerated, their expected number.")
        .required("events", &Recording::events, "Synaptic events during `duration`.")
        .required("build_seconds", &Recording::build_seconds, "Drawing synapses and parameters.")
        .required("run_seconds", &Recording::run_seconds, "Simulating transient and duration.")
        .required("completed", &Recording::completed, "Did it run to its end?")
        .required("statement", &Recording::statement,
                  "If not: why, with the time and the population.")
        .done();
}

void bind_probe(nb::module_& module) {
    Value<Probe>(module, "Probe", R"(A variable of some neurons to write down.

    population  name of a population
    variable    "V_m", "threshold", "w", "I_syn[0]" (by port), …; "V_m"
    neurons     counted in the population, shape (m,))",
                 [](const Probe& probe) { return describe(probe); })
        .required("population", &Probe::population, "Name of a population.")
        .required("neurons", &Probe::neurons, "Counted in the population.")
        .optional("variable", &Probe::variable, "What to write down.")
        .done();
}

}  // namespace

void bind_simulate(nb::module_& module) {
    bind_probe(module);
    bind_recording(module);
    bind_function(module);
}

}  // namespace heddle::python
