#include <cmath>

#include "network/checks.hpp"
#include "spiking/checks.hpp"

namespace heddle {
namespace {

constexpr double largest_exponent = 700.0;  // exp(709.8) is no double any more.

/// What every law asks of its numbers by themselves.
template <class Law>
void check_numbers(const Subject& subject, const Law& law) {
    for (const NeuronParameter<Law>& entry : parameters_of<Law>()) {
        const std::string name = entry.name;
        const double value = law.*entry.value;
        if (entry.positive)
            subject.positive(value, name, entry.unit);
        else if (name == "t_ref" || name == "lambda_floor")
            subject.not_negative(value, name, entry.unit);
        else
            subject.finite(value, name, entry.unit);
    }
}

void check_together(const Subject& subject, const LeakyNeuron& neuron, double) {
    subject.require(neuron.V_th > neuron.V_reset,
                    "V_th is " + quantity(neuron.V_th, "mV") + ", not above V_reset " +
                        quantity(neuron.V_reset, "mV") + "; a neuron would spike without end");
}

/// The exponential hazard at `potential`.
void check_hazard(const Subject& subject, const EscapeNeuron& neuron, double potential,
                  const char* where) {
    const double exponent = (potential - neuron.V_T_star) / neuron.Delta_V;
    subject.require(exponent <= largest_exponent,
                    "the hazard lambda_0 exp((V - V_T_star) / Delta_V) overflows at " +
                        std::string(where) + ", V = " + quantity(potential, "mV") +
                        ": the exponent is " + number_text(exponent) + ", at most " +
                        number_text(largest_exponent) +
                        " will do; raise Delta_V or V_T_star, or lower the drive");
}

void check_together(const Subject& subject, const EscapeNeuron& neuron, double drive) {
    if (neuron.hazard != Hazard::exponential) return;
    const double driven = neuron.E_L + neuron.tau_m / neuron.C_m * (neuron.I_e + drive);
    check_hazard(subject, neuron, neuron.E_L, "rest");
    check_hazard(subject, neuron, neuron.V_reset, "the reset");
    check_hazard(subject, neuron, driven, "the potential that constant currents drive it to");
}

void check_together(const Subject& subject, const ExponentialNeuron& neuron, double) {
    subject.require(neuron.V_peak > neuron.V_th,
                    "V_peak is " + quantity(neuron.V_peak, "mV") + ", not above V_th " +
                        quantity(neuron.V_th, "mV") +
                        "; it would cut the spike off before it starts");
    subject.require(neuron.V_reset < neuron.V_peak,
                    "V_reset is " + quantity(neuron.V_reset, "mV") + ", not below V_peak " +
                        quantity(neuron.V_peak, "mV") + "; a neuron would spike without end");
    subject.require(neuron.a > -neuron.g_L,
                    "a is " + quantity(neuron.a, "nS") +
                        ", not above -g_L = " + quantity(-neuron.g_L, "nS") +
                        ": no potential is stable, it would run away to minus infinity");
    const double exponent = (neuron.V_peak - neuron.V_th) / neuron.Delta_T;
    subject.require(
        exponent <= largest_exponent,
        "exp((V_peak - V_th) / Delta_T) overflows: the exponent is " + number_text(exponent) +
            ", at most " + number_text(largest_exponent) + " will do; raise Delta_T above " +
            quantity((neuron.V_peak - neuron.V_th) / largest_exponent, "mV") + " or lower V_peak");
}

void check_together(const Subject&, const QuadraticNeuron&, double) {}

}  // namespace

void check_neuron(const Subject& subject, const Neuron& neuron, double drive) {
    std::visit(
        [&](const auto& law) {
            check_numbers(subject, law);
            check_together(subject, law, drive);
        },
        neuron);
}

}  // namespace heddle
