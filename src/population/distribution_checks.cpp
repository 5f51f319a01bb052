#include <cmath>
#include <set>

#include "circuit/checks.hpp"
#include "heddle/core/error.hpp"
#include "population/quenched_input.hpp"

namespace heddle {
namespace {

void check_adaptation(const Subject& subject, const Population& population, bool level) {
    subject.require(population.adaptation.empty() || level,
                    "its neurons adapt, each by its own rate, and reset; give reset = false, or "
                    "split it by `quadrature_populations`");
    for (const Adaptation& one : population.adaptation) {
        subject.require(one.kind == Adaptation::Kind::threshold,
                        "its adaptation is a current, and lasting rates are known here for "
                        "thresholds that move; give kind = threshold, or split it by "
                        "`quadrature_populations`");
        subject.require(one.q >= 0.0,
                        "q of its adaptation is " + quantity(one.q, "mV") +
                            ", and a threshold that falls at spikes may have several rates; give "
                            "q ≥ 0, or `simulate` it");
    }
}

void check_neurons(const Population& population) {
    const Subject subject = subject_of(population);
    if (const auto* escape = std::get_if<EscapeNeuron>(&population.neuron)) {
        subject.require(escape->reset || escape->t_ref == 0.0,
                        "t_ref is " + quantity(escape->t_ref, "ms") +
                            " without a reset, and its neurons' noise then outlasts their dead "
                            "time; give t_ref = 0 or reset = true, or split it by "
                            "`quadrature_populations`");
    } else {
        subject.require(
            std::holds_alternative<LeakyNeuron>(population.neuron),
            std::string("its neurons are '") + name_of(population.neuron) +
                "', whose stationary rate is known here for 'lif' and 'gif'; `simulate` has it");
    }
    const auto* law_of_them = std::get_if<EscapeNeuron>(&population.neuron);
    const bool level = law_of_them != nullptr && !law_of_them->reset;  // Only V − V_T_star counts.
    check_adaptation(subject, population, level);
    const std::set<std::string> described =
        level ? std::set<std::string>{"V_m", "V_T_star", "E_L", "I_e"}
              : std::set<std::string>{"V_m", "E_L", "I_e"};
    for (const auto& [name, law] : population.quenched)
        subject.require(
            described.contains(name),
            "quenched " + name +
                " is more than a difference of input; E_L and I_e may differ, V_T_star where "
                "there is no reset, or split it by `quadrature_populations`");
}

void check_synapse(const Subject& subject, const Synapse& synapse) {
    subject.require(!synapse.conductance,
                    "its synapses are conductances, which change the membrane's time constant; "
                    "give currents, or `simulate` it");
    subject.require(synapse.kind != Synapse::Kind::alpha,
                    "its synapses are alpha functions; an exponential synapse of weight e w has "
                    "the same charge, or `simulate` it");
}

void check_projection(const Projection& projection, DistributionMethod method) {
    const Subject subject = subject_of(projection);
    check_synapse(subject, projection.synapse);
    const bool by_cumulants = method != DistributionMethod::population_dynamics;
    subject.require(!by_cumulants || !std::holds_alternative<Edges>(projection.rule),
                    "its edges are given one by one, and cumulants are those of a rule; "
                    "method = \"population_dynamics\" follows them");
}

struct DriveCheck {
    Subject subject;

    void operator()(const PoissonInput& input) const {
        check_synapse(subject, input.synapse);
        subject.require(input.start <= 0.0 && !std::isfinite(input.stop),
                        "it starts or stops, and stationary rates are those of constant input; "
                        "leave start and stop out, or `simulate` it");
    }

    void operator()(const CurrentInput& input) const {
        const Matrix& values = input.values;
        const bool constant = ((values.colwise() - values.col(0)).array() == 0.0).all();
        subject.require(constant && (input.times.front() <= 0.0 || (values.array() == 0.0).all()),
                        "its current changes, and stationary rates are those of constant input; "
                        "give one value, or one for each neuron, or `simulate` it");
    }

    void operator()(const OrnsteinUhlenbeckInput& input) const {
        subject.require(!input.shared || input.sigma == 0.0,
                        "its noise is shared, and rates are those of neurons whose noise is their "
                        "own; give shared = false, or `simulate` it");
    }
};

void check_count(Index value, Index least, const char* key) {
    if (value < least)
        throw DomainError(std::string(key) + " is " + std::to_string(value) + "; expected " +
                          std::to_string(least) + " or more");
}

}  // namespace

void check_distributions(const Circuit& circuit, const DistributionOptions& options) {
    check_count(options.nodes, 2, "nodes");
    check_count(options.most_steps, 1, "most_steps");
    check_count(options.pools, 2, "pools");
    check_count(options.pool, 10, "pool");
    check_count(options.sweeps, 4, "sweeps");
    check_count(options.threads, 0, "threads");
    validate(circuit);
    for (const Population& population : circuit.populations) check_neurons(population);
    for (const Projection& projection : circuit.projections)
        check_projection(projection, options.method);
    for (std::size_t k = 0; k < circuit.inputs.size(); ++k) {
        const Input& input = circuit.inputs[k];
        const Subject subject("input " + std::to_string(k) + " (to '" + input.target + "')");
        std::visit(DriveCheck{subject}, input.drive);
    }
}

}  // namespace heddle
