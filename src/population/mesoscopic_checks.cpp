#include "population/mesoscopic_checks.hpp"

#include <algorithm>
#include <cmath>

#include "circuit/checks.hpp"
#include "circuit/hazard.hpp"
#include "circuit/individual.hpp"
#include "circuit/laws.hpp"
#include "heddle/core/error.hpp"
#include "network/checks.hpp"
#include "population/age_structure.hpp"
#include "population/own_noise.hpp"

namespace heddle {
namespace {

constexpr double slack = 1e-6;  // Of a step: rounding of decimals.

bool whole_steps(double duration, double step) {
    const double steps = duration / step;
    return std::abs(steps - std::round(steps)) < slack;
}

}  // namespace

void check_options(const Circuit& circuit, const MesoscopicOptions& options) {
    const Subject subject("mesoscopic");
    subject.positive(options.step, "step", "ms");
    subject.not_negative(options.duration, "duration", "ms");
    subject.not_negative(options.transient, "transient", "ms");
    subject.not_negative(options.history, "history", "ms");
    subject.positive(options.bin, "bin", "ms");
    subject.require(
        options.bin >= options.step * (1.0 - slack) && whole_steps(options.bin, options.step),
        "bin is " + quantity(options.bin, "ms") + "; it must be a multiple of the step, " +
            quantity(options.step, "ms"));
    validate(circuit, options.step);
}

Circuit without_constant_laws(Circuit circuit) {
    for (Population& population : circuit.populations) {
        Individual one{population.neuron, population.noise, population.adaptation};
        std::erase_if(population.quenched, [&](const auto& entry) {
            const auto& [name, law] = entry;
            if (name == "V_m" || !is_constant(law)) return false;
            parameter(one, name) = law.location;
            return true;
        });
        population.neuron = one.neuron;
        population.noise = one.noise;
        population.adaptation = one.adaptation;
    }
    return circuit;
}

namespace {

/// Why neurons of another law have no mesoscopic equation, and what they do have.
std::string without_hazard(const Neuron& neuron) {
    const std::string law = name_of(neuron);
    const std::string reason = law + " neurons have no hazard that is a function of the mean input";
    if (std::holds_alternative<QuadraticNeuron>(neuron))
        return reason + "; quadratic_rates has their exact equations, simulate their spikes";
    return reason + "; give them escape noise (neuron 'gif'), or simulate them";
}

void check_neuron_law(const Subject& subject, const Population& population, bool own_noise) {
    subject.require(std::holds_alternative<EscapeNeuron>(population.neuron),
                    without_hazard(population.neuron));
    subject.require(own_noise || population.noise.sigma == 0.0,
                    "noise sigma is " + quantity(population.noise.sigma, "mV") +
                        ": with noise of its own no two neurons of an age have the same "
                        "potential; `mesoscopic` with own_noise describes it, or simulate");
    for (const auto& [name, drawn] : population.quenched)
        subject.require(name == "V_m",
                        "quenched " + name +
                            " differs between neurons, and a population is one here; split it "
                            "into populations with a value each, or simulate");
    const bool resets = std::get<EscapeNeuron>(population.neuron).reset;
    for (std::size_t i = 0; i < population.adaptation.size(); ++i)
        subject.require(
            !resets || population.adaptation[i].kind == Adaptation::Kind::threshold,
            "adaptation[" + std::to_string(i) +
                "] is a current: what it leaves in a potential that is reset depends on two "
                "spikes, and only the last is known; move the threshold instead, leave the "
                "potential alone (reset false), or simulate");
}

/// Earlier spikes act as a mean only where none of them decides alone.
void check_facilitation(const Subject& subject, const Population& population) {
    const double softness = std::get<EscapeNeuron>(population.neuron).Delta_V;
    constexpr double most = 5.0;
    double lowered = 0.0;
    for (const Adaptation& one : population.adaptation)
        if (one.kind == Adaptation::Kind::threshold) lowered += std::max(0.0, -one.q);
    subject.require(lowered <= most * softness,
                    "a spike lowers the threshold by " + quantity(lowered, "mV") + ", " +
                        number_text(lowered / softness) +
                        " Delta_V: spikes before the last one do not act by their mean then; " +
                        quantity(most * softness, "mV") + " or less will do, or simulate");
}

/// Steps hold one spike of a neuron, or few of two.
void check_reset(const Subject& subject, const EscapeNeuron& neuron, double step) {
    if (!neuron.reset || release_of(neuron, step).steps > 0) return;
    const double above = (neuron.V_reset - neuron.V_T_star) / neuron.Delta_V;
    const double hazard = neuron.lambda_0 * hazard_shape(neuron.hazard, above);
    constexpr double most = 0.5;
    subject.require(hazard * step * 1e-3 <= most,
                    "the hazard at V_reset is " + quantity(hazard, "Hz") +
                        ": neurons would spike several times in a step of " + quantity(step, "ms") +
                        "; give a t_ref, or a step of " + quantity(1e3 * most / hazard, "ms") +
                        " or less");
}

void check_history(const Subject& subject, const EscapeNeuron& neuron, double history) {
    subject.require(history == 0.0 || history >= neuron.t_ref,
                    "t_ref is " + quantity(neuron.t_ref, "ms") + ", beyond the history of " +
                        quantity(history, "ms") + "; give a history of t_ref or more, or 0");
}

void check_delay(const Subject& subject, const Projection& projection) {
    const std::string wanted =
        ", and spikes of a population arrive at once here; split the projection into some with one "
        "delay each, or simulate";
    const auto* edges = std::get_if<Edges>(&projection.rule);
    if (edges == nullptr || edges->delay.empty())
        return subject.require(is_constant(projection.delay),
                               "the delay differs between synapses" + wanted);
    const auto [least, most] = std::ranges::minmax_element(edges->delay);
    subject.require(*least == *most, "delays of the edges reach from " + quantity(*least, "ms") +
                                         " to " + quantity(*most, "ms") + wanted);
}

void check_connections(const Circuit& circuit, std::size_t k) {
    const Projection& projection = circuit.projections[k];
    const Subject subject = subject_of(projection);
    subject.require(!projection.synapse.conductance,
                    "its synapses are conductances: a conductance shortens the membrane's memory "
                    "and multiplies the potential, which differs with age; take the current at "
                    "the mean potential (conductance false, weight (E_rev − V) in pA), or "
                    "simulate");
    subject.require(projection.left.size() == 0 && projection.right.size() == 0,
                    "left and right give every neuron an input of its own, and a population is "
                    "one here; split it into populations, or simulate");
    try {
        (void)mean_coupling(circuit, k);
    } catch (const DomainError& error) {
        subject.refuse(std::string("weights enter by their mean: ") + error.what());
    }
}

/// What private input would be as a current that all neurons share.
struct InputCheck {
    const Subject& subject;
    const Population& target;
    bool own_noise;

    void operator()(const CurrentInput& input) const {
        subject.require(input.values.rows() == 1,
                        "values has a row for each neuron, and a population is one here; give "
                        "their mean as one row, or simulate");
    }
    void operator()(const PoissonInput& input) const {
        if (own_noise && !input.synapse.conductance) return;
        const auto& neuron = std::get<EscapeNeuron>(target.neuron);
        const Synapse& synapse = input.synapse;
        const bool delta = synapse.kind == Synapse::Kind::delta;
        const double area = delta                                  ? neuron.C_m
                            : synapse.kind == Synapse::Kind::alpha ? std::exp(1.0) * synapse.tau_syn
                                                                   : synapse.tau_syn;
        const std::string mean =
            synapse.conductance
                ? "a current"
                : "a CurrentInput of " + quantity(1e-3 * input.rate * input.weight * area, "pA");
        subject.refuse(
            "Poisson spikes come to each neuron by itself, so that no two of an age have "
            "the same potential; `mesoscopic` with own_noise describes what currents do; where "
            "only "
            "their mean matters give " +
            mean + ", or simulate");
    }
    void operator()(const OrnsteinUhlenbeckInput& input) const {
        subject.require(
            input.shared || own_noise,
            "it is a noise of each neuron's own, so that no two of an age have the same "
            "potential; `mesoscopic` with own_noise describes it; share it, where only its mean "
            "matters give a CurrentInput of " +
                quantity(input.mean, "pA") + ", or simulate");
    }
};

void check_own_noise(const Circuit& circuit, std::size_t population) {
    const Population& of = circuit.populations[population];
    const Subject subject = subject_of(of);
    subject.require(std::get<EscapeNeuron>(of.neuron).reset,
                    "a spike leaves V alone, so that noise lasts beyond it, and own_noise takes it "
                    "to be forgotten; `rate_units` describe such neurons, or simulate");
    for (const Synapse& synapse : ports_of(circuit, population))
        subject.require(synapse.kind != Synapse::Kind::alpha,
                        "own_noise has one correlation time a synapse, and alpha synapses are no "
                        "such noise; give exponential or delta synapses, or own_noise = false");
    const std::vector<double> times = own_colours(circuit, population);
    std::string text;
    for (const double tau : times) text += (text.empty() ? "" : ", ") + number_text(tau);
    subject.require(times.size() <= kernels::most_colours,
                    "its own noise has " + std::to_string(times.size()) + " correlation times (" +
                        text + " ms), and own_noise follows " +
                        std::to_string(kernels::most_colours) +
                        "; give synapses and noise that share them, or own_noise = false");
}

}  // namespace

void check_age_structured(const Circuit& circuit, bool own_noise) {
    for (const Population& population : circuit.populations) {
        const Subject subject = subject_of(population);
        check_neuron_law(subject, population, own_noise);
        check_facilitation(subject, population);
    }
    for (std::size_t k = 0; k < circuit.projections.size(); ++k) check_connections(circuit, k);
    for (std::size_t k = 0; k < circuit.inputs.size(); ++k) {
        const Input& input = circuit.inputs[k];
        const std::string who = "input " + std::to_string(k);
        const Subject subject(who + " (to '" + input.target + "')");
        const auto target = population_index(circuit, input.target, who);
        std::visit(InputCheck{subject, circuit.populations[target], own_noise}, input.drive);
    }
}

void check_mesoscopic(const Circuit& circuit, const MesoscopicOptions& options) {
    check_age_structured(circuit, options.own_noise);
    for (std::size_t a = 0; options.own_noise && a < circuit.populations.size(); ++a)
        check_own_noise(circuit, a);
    for (const Population& population : circuit.populations) {
        const Subject subject = subject_of(population);
        const auto& neuron = std::get<EscapeNeuron>(population.neuron);
        check_reset(subject, neuron, options.step);
        check_history(subject, neuron, options.history);
    }
    for (const Projection& projection : circuit.projections)
        check_delay(subject_of(projection), projection);
}

}  // namespace heddle
