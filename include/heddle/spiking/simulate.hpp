#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "heddle/core/parallel.hpp"
#include "heddle/spiking/connectome.hpp"

namespace heddle {

struct Spike {
    double time;           ///< ms.
    std::uint32_t neuron;  ///< Counted in the circuit.

    friend bool operator==(const Spike&, const Spike&) = default;
};

/// How spikes lie in time.
///
///     interpolated  Times inside the step. An arriving spike is spread evenly over the step it
///                   falls into, hazards are integrated by the trapezoid: second order in the step.
///     grid          NEST's convention: spikes at the end of a step, arrivals at grid points, the
///                   hazard at the end of the step, refractory periods in whole steps.
enum class SpikeTimes { interpolated, grid };

/// A variable of some neurons to write down: "V_m", "threshold", "w", "I_syn[0]" (by port), …
struct Probe {
    std::string population;
    std::string variable = "V_m";
    std::vector<std::uint32_t> neurons;  ///< Counted in the population.
};

struct SimulateOptions {
    double duration = 1000.0;  ///< ms recorded.
    double transient = 0.0;    ///< ms simulated before, not recorded.
    double step = 0.1;         ///< h, ms.
    SpikeTimes spike_times = SpikeTimes::interpolated;
    std::uint64_t seed = 0;
    std::size_t threads = 1;   ///< 0: one per core; any number gives the same bits.
    double bin = 1.0;          ///< Of activity and readouts, ms; a multiple of the step.
    bool keep_spikes = false;  ///< In the recording. Else they go to `sink` only.
    std::vector<Probe> probes;
    double probe_interval = 0.0;  ///< ms; the bin if 0.
    double runaway_rate = 500.0;  ///< Hz: a population faster than this for 50 ms stops it; 0:
                                  ///< never.
    std::int64_t memory = 0;      ///< As in ConnectOptions.
    /// Draw the synapses of a neuron again whenever it fires, and hold them until its spike has
    /// arrived everywhere: the same bits, at 20 to 40 ns a synaptic event in place of memory.
    bool regenerate = false;
    /// Asked with every report of progress; true ends the run there: the recording holds what came
    /// before, and is not `completed`.
    std::function<bool()> stop;
};

/// What was recorded. Times are counted from the end of the transient.
struct SpikeRecording {
    std::vector<std::string> names;  ///< Of populations.
    std::vector<Index> sizes;
    double duration;  ///< ms: what was recorded, less than asked for if it was stopped.
    double transient;
    double step;
    double bin;
    Matrix activity;                    ///< A(t) = spikes / (N bin), Hz, shape (populations, bins).
    std::vector<std::uint32_t> counts;  ///< Spikes of each neuron.
    Vector interval_mean;               ///< Of each neuron's intervals, ms; 0 if fewer than 1.
    Vector interval_cv;                 ///< Their coefficient of variation; −1 if fewer than 2.
    std::vector<Spike> spikes;          ///< By time; empty unless kept.
    std::vector<Matrix> traces;         ///< Of each probe, shape (neurons, samples).
    std::vector<Matrix> readouts;       ///< Of each readout, shape (d, bins).
    std::int64_t synapses;              ///< Their expected number if they are regenerated.
    std::int64_t events;                ///< Synaptic events during `duration`.
    double build_seconds;               ///< Wall clock: drawing synapses and parameters,
    double run_seconds;                 ///< and simulating `transient` + `duration`.
    bool completed;                     ///< Did it run to its end?
    std::string statement;              ///< If not: why, with the time and the population.
};

/// Receives spikes in order of time, step by step, on the calling thread; times as in the recording
/// (negative during the transient are not sent).
using SpikeSink = std::function<void(std::span<const Spike>)>;

/// Simulates a circuit.
///
/// Linear membranes and synapses are propagated exactly; in-step spike times are solved for; a
/// neuron with escape noise draws one exponential variable a spike and fires when its integrated
/// hazard reaches it. White noise crosses thresholds between grid points with the probability of a
/// Brownian bridge.
///
/// \param progress  progress(done, total) in steps; may throw to stop: the exception is rethrown.
/// \throws DomainError, ShapeError  as `validate` and `connect`; before anything is drawn.
/// \cost per step O(N) and O(1) a synaptic event; memory of `connect` and 40 to 200 bytes a neuron.
///       If the synapses of spikes in flight outgrow `memory`, the run ends there.
[[nodiscard]] SpikeRecording simulate(const Circuit& circuit, const SimulateOptions& options,
                                      const SpikeSink& sink = {}, const Progress& progress = {});

/// The same with synapses already drawn, or laid out to be regenerated: their step, their seed and
/// their number of blocks are used.
/// \throws DomainError  for a connectome of another circuit, or that stores its synapses where
///         `regenerate` asks for the contrary.
[[nodiscard]] SpikeRecording simulate(const Circuit& circuit, const Connectome& connectome,
                                      const SimulateOptions& options, const SpikeSink& sink = {},
                                      const Progress& progress = {});

}  // namespace heddle
