#include "population/diffusive_membrane.hpp"

#include <string>

#include "circuit/checks.hpp"
#include "heddle/core/error.hpp"

namespace heddle {

DiffusiveMembrane diffusive_membrane(const Neuron& neuron, const char* who) {
    check_neuron(Subject(who), neuron);
    if (const auto* leaky = std::get_if<LeakyNeuron>(&neuron))
        return {leaky->tau_m, leaky->V_reset, leaky->V_th, leaky->t_ref, 0.0, 0.0};
    if (const auto* cell = std::get_if<ExponentialNeuron>(&neuron))
        return {cell->C_m / cell->g_L, cell->V_reset, cell->V_peak,
                cell->t_ref,           cell->V_th,    cell->Delta_T};
    const std::string law = name_of(neuron);
    throw DomainError(std::string(who) + ": its neurons are '" + law +
                      "', and diffusion to a threshold is that of 'lif' and 'adex'; " +
                      (law == "gif" ? "`mesoscopic` has escape noise"
                                    : "`quadratic_rates` has quadratic neurons"));
}

}  // namespace heddle
