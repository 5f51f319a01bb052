#include "heddle/spiking/simulate.hpp"

#include <chrono>
#include <cmath>
#include <sstream>
#include <thread>

#include "heddle/core/error.hpp"
#include "spiking/block_layout.hpp"
#include "spiking/engine.hpp"

namespace heddle {
namespace {

[[noreturn]] void refuse(const std::string& key, double found, const std::string& wanted) {
    std::ostringstream text;
    text << key << " is " << found << "; it must be " << wanted;
    throw DomainError(text.str());
}

void require(bool fine, const std::string& key, double found, const std::string& wanted) {
    if (!fine) refuse(key, found, wanted);
}

bool whole_steps(double duration, double step) {
    const double steps = duration / step;
    return std::abs(steps - std::round(steps)) < 1e-6;
}

/// √τ_m times the current that has the effect of ξ: g_L, or 1 for the quadratic neuron.
double per_noise(const Neuron& neuron) {
    if (const auto* law = std::get_if<ExponentialNeuron>(&neuron))
        return law->g_L * std::sqrt(law->C_m / law->g_L);
    return std::sqrt(std::get<QuadraticNeuron>(neuron).tau_m);
}

/// Linear membranes have a propagator for coloured noise. Others would take it for white.
void check_noise(const Population& population) {
    const auto& [sigma, tau] = population.noise;
    const bool linear = std::holds_alternative<LeakyNeuron>(population.neuron) ||
                        std::holds_alternative<EscapeNeuron>(population.neuron);
    const bool noisy = sigma > 0.0 || population.quenched.contains("sigma");
    if (linear || !noisy || tau == 0.0) return;
    std::ostringstream text;
    text << "population '" << population.name << "': noise tau is " << tau
         << " ms, but coloured noise is simulated for lif and gif neurons only; an "
            "OrnsteinUhlenbeckInput of the same tau and sigma "
         << sigma * per_noise(population.neuron) / std::sqrt(2.0 * tau)
         << (std::holds_alternative<QuadraticNeuron>(population.neuron) ? "" : " pA")
         << " does the same";
    throw DomainError(text.str());
}

void validate(const Circuit& circuit, const SimulateOptions& options) {
    for (const Population& population : circuit.populations) check_noise(population);
    require(options.step > 0.0 && std::isfinite(options.step), "step", options.step, "> 0 ms");
    require(options.duration >= 0.0 && std::isfinite(options.duration), "duration",
            options.duration, "≥ 0 ms");
    require(options.transient >= 0.0 && std::isfinite(options.transient), "transient",
            options.transient, "≥ 0 ms");
    require(options.bin >= options.step * (1.0 - 1e-9) && whole_steps(options.bin, options.step),
            "bin", options.bin, "a multiple of the step");
    require(options.probe_interval == 0.0 ||
                (options.probe_interval > 0.0 && whole_steps(options.probe_interval, options.step)),
            "probe_interval", options.probe_interval, "a multiple of the step");
    require(options.runaway_rate >= 0.0, "runaway_rate", options.runaway_rate,
            "≥ 0 Hz, and 0 never stops");
    for (const Probe& probe : options.probes) {
        const auto& population =
            circuit.populations[population_index(circuit, probe.population, "probe")];
        for (const std::uint32_t neuron : probe.neurons)
            if (static_cast<Index>(neuron) >= population.size)
                refuse("probe of population '" + probe.population + "': neuron", neuron,
                       "below its size, " + std::to_string(population.size));
    }
}

std::size_t threads_of(const SimulateOptions& options) {
    if (options.threads > 0) return options.threads;
    return std::max(1U, std::thread::hardware_concurrency());
}

double seconds_since(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

SpikeRecording run(const Circuit& circuit, const Connectome& connectome,
                   const SimulateOptions& options, const SpikeSink& sink, const Progress& progress,
                   double build_seconds) {
    const auto start = std::chrono::steady_clock::now();
    Engine engine(circuit, connectome, options, sink);
    build_seconds += seconds_since(start);
    const auto begin = std::chrono::steady_clock::now();
    SpikeRecording recording = engine.run(threads_of(options), progress);
    recording.run_seconds = seconds_since(begin);
    recording.build_seconds = build_seconds;
    recording.synapses = connectome.synapses;
    return recording;
}

}  // namespace

SpikeRecording simulate(const Circuit& circuit, const Connectome& connectome,
                        const SimulateOptions& options, const SpikeSink& sink,
                        const Progress& progress) {
    validate(circuit, options);
    validate(circuit, connectome.step);
    require(options.step == connectome.step, "step", options.step,
            "the connectome's, in whose steps delays are counted");
    check_layout(circuit, connectome.blocks);
    if (options.regenerate && !connectome.regenerated)
        throw DomainError(
            "regenerate is true, and the connectome stores its synapses; connect with regenerate, "
            "or give no connectome");
    return run(circuit, connectome, options, sink, progress, 0.0);
}

SpikeRecording simulate(const Circuit& circuit, const SimulateOptions& options,
                        const SpikeSink& sink, const Progress& progress) {
    validate(circuit, options);
    validate(circuit, options.step);
    const auto start = std::chrono::steady_clock::now();
    const Connectome connectome = connect(circuit, {.step = options.step,
                                                    .seed = options.seed,
                                                    .threads = threads_of(options),
                                                    .memory = options.memory,
                                                    .regenerate = options.regenerate});
    return run(circuit, connectome, options, sink, progress, seconds_since(start));
}

}  // namespace heddle
