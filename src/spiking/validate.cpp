#include "heddle/core/error.hpp"
#include "heddle/spiking/circuit.hpp"

namespace heddle {

void validate(const Circuit& circuit) {
    for (const Population& population : circuit.populations)
        if (population.size < 1)
            throw DomainError(population.name + ".size: found " + std::to_string(population.size) +
                              ", expected at least 1");
}

void validate(const Circuit& circuit, double) {
    validate(circuit);
}

}  // namespace heddle
