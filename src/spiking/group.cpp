#include "spiking/group.hpp"

#include "spiking/exponential_group.hpp"
#include "spiking/linear_group.hpp"
#include "spiking/quadratic_group.hpp"

namespace heddle {

std::unique_ptr<Group> make_group(const Circuit& circuit, const Slice& slice, double step,
                                  bool grid, std::uint64_t seed) {
    const Neuron& neuron = circuit.populations[slice.population].neuron;
    if (std::holds_alternative<ExponentialNeuron>(neuron))
        return std::make_unique<ExponentialGroup>(circuit, slice, step, grid, seed);
    if (std::holds_alternative<QuadraticNeuron>(neuron))
        return std::make_unique<QuadraticGroup>(circuit, slice, step, grid, seed);
    return std::make_unique<LinearGroup>(circuit, slice, step, grid, seed);
}

}  // namespace heddle
