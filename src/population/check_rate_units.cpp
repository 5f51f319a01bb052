#include <cmath>
#include <set>

#include "circuit/checks.hpp"
#include "heddle/core/error.hpp"
#include "population/rate_unit.hpp"

namespace heddle {
namespace {

void check_neuron_kind(const Subject& subject, const Population& population) {
    const auto* law = std::get_if<EscapeNeuron>(&population.neuron);
    subject.require(law != nullptr,
                    std::string(name_of(population.neuron)) +
                        " neurons have no hazard that a rate unit could average; give gif neurons, "
                        "or simulate");
    subject.require(!law->reset || law->V_reset <= law->V_T_star,
                    "V_reset is " + quantity(law->V_reset, "mV") + ", above V_T_star, " +
                        quantity(law->V_T_star, "mV") +
                        ": its neurons burst, and a rate unit is ready late after a spike; "
                        "`mesoscopic` describes them, or give a lower V_reset");
}

void check_population(const Population& population) {
    const Subject subject = subject_of(population);
    check_neuron_kind(subject, population);
    const std::set<std::string> described{"V_m", "V_T_star", "E_L", "I_e"};
    for (const auto& [name, law] : population.quenched)
        subject.require(described.contains(name),
                        "quenched " + name +
                            " is more than a difference of input; V_T_star, E_L and I_e may "
                            "differ, or simulate");
}

void check_synapse(const Subject& subject, const Synapse& synapse) {
    subject.require(!synapse.conductance,
                    "a conductance changes the membrane itself, which a rate unit does not follow; "
                    "give a current, or simulate");
    subject.require(synapse.kind != Synapse::Kind::alpha,
                    "alpha synapses have a rise that a rate unit does not follow; give exponential "
                    "or delta synapses, or simulate");
}

void check_projection(const Projection& projection) {
    const Subject subject = subject_of(projection);
    check_synapse(subject, projection.synapse);
    const auto* edges = std::get_if<Edges>(&projection.rule);
    const bool common = projection.delay.kind == Distribution::Kind::constant &&
                        (edges == nullptr || edges->delay.empty());
    subject.require(common, "delays differ between synapses; give one delay, or simulate");
}

void check_input(const Input& input) {
    const Subject subject("input into '" + input.target + "'");
    if (const auto* poisson = std::get_if<PoissonInput>(&input.drive))
        check_synapse(subject, poisson->synapse);
    if (const auto* current = std::get_if<CurrentInput>(&input.drive))
        subject.require(current->values.rows() <= 1,
                        "each neuron has a current of its own; give one for all (quenched I_e may "
                        "differ between neurons), or simulate");
    subject.require(!std::holds_alternative<OrnsteinUhlenbeckInput>(input.drive),
                    "a rate unit does not follow a current that fluctuates; give its mean and "
                    "membrane noise, or simulate");
}

void check_options(const RateUnitOptions& options) {
    const Subject subject("rate_units");
    subject.positive(options.step, "step", "ms");
    subject.positive(options.bin, "bin", "ms");
    subject.not_negative(options.duration, "duration", "ms");
    subject.not_negative(options.transient, "transient", "ms");
    const double steps = options.bin / options.step;
    subject.require(std::abs(steps - std::round(steps)) < 1e-6 && steps > 0.5,
                    "bin is " + quantity(options.bin, "ms") + ", not a multiple of the step, " +
                        quantity(options.step, "ms"));
}

}  // namespace

void check_forgetful(const Population& population, const std::string& who) {
    const auto& law = std::get<EscapeNeuron>(population.neuron);
    const Subject subject = subject_of(population);
    subject.require(!law.reset, "a spike resets V, and " + who +
                                    " follows its input at once; take rate_unit_equations, or "
                                    "give reset = false");
    subject.require(law.t_ref == 0.0, "t_ref is " + quantity(law.t_ref, "ms") + ", and " + who +
                                          " follows its input at once; take rate_unit_equations, "
                                          "or give t_ref = 0");
}

void check_rate_units(const Circuit& circuit) {
    validate(circuit);
    for (const Population& population : circuit.populations) check_population(population);
    for (const Projection& projection : circuit.projections) check_projection(projection);
    for (const Input& input : circuit.inputs) check_input(input);
}

void check_rate_units(const Circuit& circuit, const RateUnitOptions& options) {
    check_options(options);
    validate(circuit, options.step);
    check_rate_units(circuit);
}

}  // namespace heddle
