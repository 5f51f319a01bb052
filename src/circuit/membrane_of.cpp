#include "circuit/membrane_of.hpp"

#include <algorithm>

namespace heddle {

double capacity_of(const Neuron& neuron) {
    return std::visit(
        [](const auto& law) {
            if constexpr (requires { law.C_m; })
                return law.C_m;
            else
                return law.tau_m;
        },
        neuron);
}

Membrane membrane_of(const Individual& individual, InputRule rule, double step) {
    if (rule == InputRule::mean) return {0.0, step};
    return std::visit(
        [&](const auto& law) -> Membrane {
            if constexpr (requires {
                              law.C_m;
                              law.tau_m;
                          })
                return {1.0 / law.tau_m, law.C_m};
            return {0.0, step};
        },
        individual.neuron);
}

bool conducting(const Circuit& circuit, std::size_t population) {
    return std::ranges::any_of(ports_of(circuit, population), &Synapse::conductance);
}

}  // namespace heddle
