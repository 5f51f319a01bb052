#include "population/adex_checks.hpp"

#include <cmath>

#include "circuit/checks.hpp"
#include "heddle/core/error.hpp"

namespace heddle {
namespace {

constexpr const char* instead = "; heddle.simulate takes it as it is";

void check_population(const Population& population) {
    const Subject subject = subject_of(population);
    subject.require(std::holds_alternative<ExponentialNeuron>(population.neuron),
                    std::string("its neurons are ") + name_of(population.neuron) +
                        "; this mean field is that of adex" + instead);
    subject.require(
        population.noise.sigma == 0.0,
        std::string("it has noise beside its synapses; give it as Poisson input") + instead);
    subject.require(population.adaptation.empty(),
                    std::string("it adapts beside w, which the mean field has not; give a, b and "
                                "tau_w") +
                        instead);
    for (const auto& [name, law] : population.quenched)
        subject.require(name == "V_m", "quenched " + name +
                                           " differs between neurons, and one rate stands for "
                                           "all; split the population" +
                                           instead);
}

void check_synapse_of(const Subject& subject, const Synapse& synapse) {
    subject.require(synapse.conductance && synapse.kind == Synapse::Kind::exponential,
                    std::string("its synapses are no exponential conductances, which the transfer "
                                "function is made for") +
                        instead);
}

void check_projection_of(const Projection& projection) {
    const Subject subject = subject_of(projection);
    check_synapse_of(subject, projection.synapse);
    const bool single = std::holds_alternative<OneToOne>(projection.rule) ||
                        std::holds_alternative<Edges>(projection.rule);
    subject.require(!single, std::string("its rule fixes single connections, and the mean field "
                                         "has a number of them; give a rule with many sources") +
                                 instead);
    subject.require(projection.weight.kind == Distribution::Kind::constant &&
                        projection.delay.kind == Distribution::Kind::constant,
                    std::string("weight or delay has a law; give a number") + instead);
    subject.require(projection.left.size() == 0,
                    std::string("left and right make inputs differ between neurons; leave them "
                                "out") +
                        instead);
}

struct DriveCheck {
    const Subject& subject;

    void operator()(const CurrentInput& input) const {
        subject.require(input.values.rows() == 1,
                        std::string("values has a row for each neuron; give one row") + instead);
    }
    void operator()(const PoissonInput& input) const { check_synapse_of(subject, input.synapse); }
    void operator()(const OrnsteinUhlenbeckInput&) const {
        subject.refuse(std::string("an Ornstein-Uhlenbeck current is no conductance; give Poisson "
                                   "input") +
                       instead);
    }
};

/// Without input σ_V is 0, and there is no F.
void check_lasting_input(const Circuit& circuit, const Population& population) {
    for (const Input& input : circuit.inputs) {
        const auto* poisson = std::get_if<PoissonInput>(&input.drive);
        if (poisson != nullptr && input.target == population.name && poisson->rate > 0.0 &&
            poisson->start <= 0.0 && std::isinf(poisson->stop))
            return;
    }
    subject_of(population)
        .refuse(
            "it has no Poisson input from the start to the end, and without fluctuations "
            "there is no transfer function; give one");
}

}  // namespace

void check_adex(const Circuit& circuit, const std::vector<Vector>& thresholds,
                const AdexMeanFieldOptions& options) {
    validate(circuit);
    for (const Population& population : circuit.populations) {
        check_population(population);
        check_lasting_input(circuit, population);
    }
    for (const Projection& projection : circuit.projections) check_projection_of(projection);
    for (std::size_t k = 0; k < circuit.inputs.size(); ++k) {
        const Subject subject("input " + std::to_string(k) + " (to '" + circuit.inputs[k].target +
                              "')");
        std::visit(DriveCheck{subject}, circuit.inputs[k].drive);
    }
    if (thresholds.size() != circuit.populations.size())
        throw ShapeError("thresholds", std::to_string(circuit.populations.size()) + " of them",
                         std::to_string(thresholds.size()));
    for (const Vector& p : thresholds)
        if (p.size() != 10)
            throw ShapeError("thresholds", "(10,) each", "(" + std::to_string(p.size()) + ",)");
    if (options.order != 1 && options.order != 2)
        throw DomainError("order is " + std::to_string(options.order) + "; give 1 or 2");
    Subject("options").positive(options.T, "T", "ms");
}

}  // namespace heddle
