#include <algorithm>
#include <limits>
#include <set>

#include "circuit/checks.hpp"
#include "circuit/individual.hpp"
#include "network/checks.hpp"

namespace heddle {
namespace {

void check_adaptation(const Subject& subject, const Population& population) {
    const bool moves_threshold = std::holds_alternative<LeakyNeuron>(population.neuron) ||
                                 std::holds_alternative<EscapeNeuron>(population.neuron);
    for (std::size_t i = 0; i < population.adaptation.size(); ++i) {
        const Adaptation& one = population.adaptation[i];
        const std::string key = "adaptation[" + std::to_string(i) + "] ";
        const bool current = one.kind == Adaptation::Kind::current;
        subject.require(current || moves_threshold, key + "moves a threshold, which " +
                                                        name_of(population.neuron) +
                                                        " neurons do not have; use a current");
        subject.positive(one.tau, key + "tau", "ms");
        subject.finite(one.q, key + "q", current ? "pA" : "mV");
    }
}

/// In the middle of every quenched law: the number that a law replaces may be anything.
Neuron middle_neuron(const Population& population) {
    Individual middle{population.neuron, population.noise, population.adaptation};
    for (const auto& [name, law] : population.quenched)
        if (name != "V_m") parameter(middle, name) = quantile(law, 0.5);
    return middle.neuron;
}

void check_population(const Circuit& circuit, const Population& population) {
    const Subject subject = subject_of(population);
    subject.require(population.size > 0,
                    "size is " + std::to_string(population.size) + "; it must be at least 1");
    subject.not_negative(population.noise.sigma, "noise sigma", "mV");
    subject.not_negative(population.noise.tau, "noise tau", "ms");
    check_adaptation(subject, population);
    check_quenched(subject, population);
    check_neuron(subject, middle_neuron(population));
    check_hazard(circuit, population);
}

template <class Named>
void check_names(const std::vector<Named>& parts, const char* what) {
    std::set<std::string> names;
    for (const Named& part : parts) {
        const Subject subject(std::string(what) + " '" + part.name + "'");
        subject.require(!part.name.empty(), "every " + std::string(what) + " needs a name");
        subject.require(names.insert(part.name).second, "two have this name; give each its own");
    }
}

void check_readout(const Circuit& circuit, const SpikeReadout& readout) {
    const Subject subject("readout '" + readout.name + "'");
    const Index size =
        circuit.populations[population_index(circuit, readout.source, subject.who())].size;
    subject.shape(
        readout.weights.cols() == size, "weights",
        std::to_string(size) + " columns, one for each neuron of '" + readout.source + "'",
        readout.weights);
    subject.require(readout.weights.allFinite(), "weights must be finite; found NaN or infinity");
    subject.positive(readout.tau, "tau", "ms");
}

}  // namespace

void validate(const Circuit& circuit) {
    const Subject whole("circuit");
    whole.require(!circuit.populations.empty(), "it has no population; give at least one");
    check_names(circuit.populations, "population");
    check_names(circuit.readouts, "readout");
    for (std::size_t i = 0; i < circuit.inputs.size(); ++i)
        check_input(circuit, circuit.inputs[i], i);
    for (const Population& population : circuit.populations) check_population(circuit, population);
    whole.require(neurons_of(circuit) <= std::numeric_limits<std::uint32_t>::max(),
                  "it has " + std::to_string(neurons_of(circuit)) +
                      " neurons; at most 4294967295 can be numbered");
    for (const Projection& projection : circuit.projections) check_projection(circuit, projection);
    for (const SpikeReadout& readout : circuit.readouts) check_readout(circuit, readout);
}

}  // namespace heddle
