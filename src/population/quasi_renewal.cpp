#include "population/quasi_renewal.hpp"

#include <algorithm>
#include <cmath>

#include "circuit/propagator.hpp"

namespace heddle {
namespace {

constexpr double longest = 20'000.0;  // ms
constexpr double small = 0.1;         // Of Delta_V: from there on effects nearly add up.
constexpr double memory = 5.0;        // Of tau_m: e⁻⁵ of the reset is left.

const EscapeNeuron& law_of(const Population& population) {
    return std::get<EscapeNeuron>(population.neuron);
}

/// What a current that a spike left makes of the potential in `duration`.
double response(const EscapeNeuron& neuron, double tau, double duration) {
    const double apart = duration / neuron.tau_m - duration / tau;
    if (std::abs(apart) > 1.0)  // Where the propagator of a step would leave the range of numbers.
        return (std::exp(-duration / tau) - std::exp(-duration / neuron.tau_m)) * duration /
               (apart * neuron.C_m);
    return propagator({.tau_syn = tau}, {1.0 / neuron.tau_m, neuron.C_m}, duration).on_v;
}

double effect_after(const EscapeNeuron& neuron, const Adaptation& one, double t) {
    if (one.kind == Adaptation::Kind::current) return one.q * response(neuron, one.tau, t);
    return one.q * std::exp(-t / one.tau);
}

double size_after(const Population& population, double t) {
    double size = 0.0;
    for (const Adaptation& one : population.adaptation)
        size += std::abs(effect_after(law_of(population), one, t));
    return size;
}

/// Of the effect that one kind of adaptation would have after `age` if effects added up, the part
/// that it has: ∫ ϑ_l (mean effect of ϑ / ϑ) dt / ∫ ϑ_l dt, by Simpson's rule.
double share_of_effect(const Population& population, const Adaptation& one, double age) {
    const EscapeNeuron& neuron = law_of(population);
    constexpr int intervals = 400;
    const double spacing = 40.0 * std::max(one.tau, neuron.tau_m) / intervals;
    double added = 0.0, acted = 0.0;
    for (int k = 0; k <= intervals; ++k) {
        const double t = age + k * spacing;
        const double weight = k == 0 || k == intervals ? 1.0 : (k % 2 == 1 ? 4.0 : 2.0);
        const double effect = weight * effect_after(neuron, one, t);
        const double threshold = threshold_after(population, t);
        added += effect;
        acted += effect * (threshold != 0.0 ? mean_effect(neuron, threshold) / threshold : 1.0);
    }
    return added != 0.0 ? acted / added : 1.0;
}

}  // namespace

double threshold_after(const Population& population, double t) {
    double threshold = 0.0;
    for (const Adaptation& one : population.adaptation)
        threshold += effect_after(law_of(population), one, t);
    return threshold;
}

double mean_effect(const EscapeNeuron& neuron, double threshold) {
    if (neuron.hazard != Hazard::exponential) return threshold;
    return -neuron.Delta_V * std::expm1(-threshold / neuron.Delta_V);
}

double history_needed(const Population& population) {
    const EscapeNeuron& neuron = law_of(population);
    const double least = std::max(neuron.t_ref, neuron.reset ? memory * neuron.tau_m : 0.0);
    const double enough = small * neuron.Delta_V;
    // From the end, since currents act most some time after the spike.
    constexpr double spacing = 5.0;
    double history = longest;
    while (history > least && size_after(population, history - spacing) < enough)
        history -= spacing;
    return std::max(history, least);
}

bool history_is_cut(const Population& population, double history) {
    return size_after(population, history) >= small * law_of(population).Delta_V;
}

OldSpikes::OldSpikes(const Population& population, double step, double age) {
    const EscapeNeuron& neuron = law_of(population);
    for (const Adaptation& one : population.adaptation) {
        const double q = one.q * share_of_effect(population, one, age);
        traces_.push_back({.keep = std::exp(-step / one.tau),
                           .entry = q * std::exp(-age / one.tau),
                           .to_v = response(neuron, one.tau, step),
                           .keep_v = std::exp(-step / neuron.tau_m),
                           .entry_v = q * response(neuron, one.tau, age),
                           .current = one.kind == Adaptation::Kind::current});
    }
}

double OldSpikes::advance() {
    double threshold = 0.0;
    for (Trace& trace : traces_) {
        trace.v = trace.keep_v * trace.v + trace.to_v * trace.value;
        trace.value *= trace.keep;
        threshold += trace.current ? trace.v : trace.value;
    }
    return threshold;
}

void OldSpikes::enter(double count) {
    for (Trace& trace : traces_) {
        trace.value += trace.entry * count;
        trace.v += trace.entry_v * count;
    }
}

}  // namespace heddle
