#include "heddle/circuit/circuit.hpp"

#include <algorithm>

#include "heddle/core/error.hpp"
#include "heddle/core/similar.hpp"

namespace heddle {

std::size_t population_index(const Circuit& circuit, const std::string& name,
                             const std::string& where) {
    std::vector<std::string> known;
    for (std::size_t i = 0; i < circuit.populations.size(); ++i) {
        if (circuit.populations[i].name == name) return i;
        known.push_back(circuit.populations[i].name);
    }
    throw DomainError(where + ": there is no population '" + name + "'" +
                      did_you_mean(name, known));
}

Index neurons_of(const Circuit& circuit) {
    Index count = 0;
    for (const Population& population : circuit.populations) count += population.size;
    return count;
}

std::vector<Synapse> ports_of(const Circuit& circuit, std::size_t population) {
    const std::string& name = circuit.populations[population].name;
    std::vector<Synapse> ports;
    const auto add = [&](const std::string& target, const Synapse& synapse) {
        if (target == name && std::find(ports.begin(), ports.end(), synapse) == ports.end())
            ports.push_back(synapse);
    };
    for (const Projection& projection : circuit.projections)
        add(projection.target, projection.synapse);
    for (const Input& input : circuit.inputs)
        if (const auto* poisson = std::get_if<PoissonInput>(&input.drive))
            add(input.target, poisson->synapse);
    return ports;
}

}  // namespace heddle
