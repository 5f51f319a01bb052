#include "population/mean_input.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <tuple>

#include "circuit/expected_synapses.hpp"
#include "circuit/mean_current.hpp"
#include "heddle/core/random.hpp"
#include "population/own_spike.hpp"

namespace heddle {
namespace {

/// On the potential, of state and arrivals.
double effect(const SynapsePropagator& p, double s, double x, double arrivals) {
    return p.on_v * s + p.on_v_rise * x + p.on_v_arrival * arrivals;
}

}  // namespace

double mean_coupling(const Circuit& circuit, std::size_t projection) {
    const Projection& of = circuit.projections[projection];
    const auto targets =
        static_cast<double>(circuit.populations[population_index(circuit, of.target)].size);
    if (const auto* edges = std::get_if<Edges>(&of.rule); edges && !edges->weight.empty())
        return std::accumulate(edges->weight.begin(), edges->weight.end(), 0.0) / targets;
    return expected_synapses(circuit, projection) / targets * mean_of(of.weight);
}

double common_delay(const Projection& projection) {
    const auto* edges = std::get_if<Edges>(&projection.rule);
    if (edges == nullptr || edges->delay.empty()) return projection.delay.location;
    return edges->delay.front();
}

std::uint64_t delay_steps(const Projection& projection, double step) {
    return static_cast<std::uint64_t>(std::max(1.0, std::round(common_delay(projection) / step)));
}

MeanInput::MeanInput(const Circuit& circuit, std::size_t population, const CutStep& cut,
                     bool finite_size, std::uint64_t seed)
    : step_(cut.whole) {
    const Population& target = circuit.populations[population];
    const auto& neuron = std::get<EscapeNeuron>(target.neuron);
    const Membrane membrane{1.0 / neuron.tau_m, neuron.C_m};
    const auto towards = [&](double t) { return -std::expm1(-t / neuron.tau_m) * neuron.E_L; };
    per_current_ = {charge(membrane, cut.whole), charge(membrane, cut.before),
                    charge(membrane, cut.after)};
    rest_ = {towards(cut.whole) + per_current_.whole * neuron.I_e,
             towards(cut.before) + per_current_.before * neuron.I_e,
             towards(cut.after) + per_current_.after * neuron.I_e};
    const std::vector<Synapse> synapses = ports_of(circuit, population);
    for (const Synapse& synapse : synapses)
        ports_.push_back({propagator(synapse, membrane, cut.whole),
                          propagator(synapse, membrane, cut.before),
                          propagator(synapse, membrane, cut.after),
                          {}});
    for (std::size_t k = 0; k < circuit.projections.size(); ++k) {
        const Projection& projection = circuit.projections[k];
        if (projection.target != target.name) continue;
        const auto port = std::ranges::find(synapses, projection.synapse) - synapses.begin();
        const double more = finite_size && neuron.reset ? others(circuit, k) : 1.0;
        ports_[static_cast<std::size_t>(port)].arrivals.push_back(
            {population_index(circuit, projection.source), delay_steps(projection, step_),
             more * mean_coupling(circuit, k) / step_});
    }
    add_inputs(circuit, target.name, synapses, seed);
}

void MeanInput::add_inputs(const Circuit& circuit, const std::string& name,
                           const std::vector<Synapse>& synapses, std::uint64_t seed) {
    const Random keys(seed, stream_of("mesoscopic input"));
    for (std::size_t k = 0; k < circuit.inputs.size(); ++k) {
        const Input& input = circuit.inputs[k];
        if (input.target != name) continue;
        if (const auto* current = std::get_if<CurrentInput>(&input.drive))
            currents_.push_back({current});
        if (const auto* poisson = std::get_if<PoissonInput>(&input.drive)) {
            const auto port = std::ranges::find(synapses, poisson->synapse) - synapses.begin();
            ports_[static_cast<std::size_t>(port)].steady += 1e-3 * poisson->rate * poisson->weight;
        }
        if (const auto* noise = std::get_if<OrnsteinUhlenbeckInput>(&input.drive)) {
            if (!noise->shared) {
                rest_ = with_current(rest_, noise->mean);
                continue;
            }
            const std::uint64_t key = keys.integer(k);
            noise_.push_back({noise, key, noise_propagator(noise->tau, {0.0, step_}, step_),
                              Random(key).normal(0)});
        }
    }
}

std::size_t MeanInput::longest_delay() const {
    std::uint64_t longest = 0;
    for (const Port& port : ports_)
        for (const Arrival& arrival : port.arrivals) longest = std::max(longest, arrival.delay);
    return static_cast<std::size_t>(longest);
}

double MeanInput::current(std::uint64_t step) {
    double current = 0.0;
    const double start = static_cast<double>(step) * step_;
    for (auto& [input, at] : currents_) {
        while (at < input->times.size() && input->times[at] <= start) ++at;
        current += mean_current(*input, 0, at, start, step_);
    }
    for (Noise& item : noise_) {
        const Random random(item.key, step + 1);
        const double one = random.normal(0);
        const double two = random.normal(1);
        const NoisePropagator& law = item.law;
        current +=
            item.input->mean + item.input->sigma * (law.on_v * item.x + law.b * one + law.c * two);
        item.x = law.keep * item.x + law.a * one;
    }
    return current;
}

MeanDrive MeanInput::with_current(const MeanDrive& drive, double current) const {
    return {drive.whole + per_current_.whole * current,
            drive.before + per_current_.before * current,
            drive.after + per_current_.after * current};
}

MeanDrive MeanInput::advance(std::uint64_t step, SpikeCounts& spikes) {
    const double shared = current(step);
    MeanDrive drive = with_current(rest_, shared);
    for (Port& port : ports_) {
        double arrivals = port.steady;
        for (const Arrival& one : port.arrivals)
            arrivals += one.weight * spikes.before(step, one.delay, one.source);
        move(port, arrivals, drive);
    }
    return drive;
}

void MeanInput::move(Port& port, double arrivals, MeanDrive& drive) {
    const auto state = [&](const SynapsePropagator& p) {
        return std::pair{p.keep * port.s + p.rise * port.x + p.arrival * arrivals,
                         p.keep * port.x + p.rise_arrival * arrivals};
    };
    const auto [s, x] = state(port.before);
    drive.whole += effect(port.whole, port.s, port.x, arrivals);
    drive.before += effect(port.before, port.s, port.x, arrivals);
    drive.after += effect(port.after, s, x, arrivals);
    std::tie(port.s, port.x) = state(port.whole);
}

}  // namespace heddle
