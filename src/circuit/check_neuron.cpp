#include <cmath>

#include "circuit/checks.hpp"
#include "network/checks.hpp"

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

void check_together(const Subject& subject, const LeakyNeuron& neuron) {
    subject.require(neuron.V_th > neuron.V_reset,
                    "V_th is " + quantity(neuron.V_th, "mV") + ", not above V_reset " +
                        quantity(neuron.V_reset, "mV") + "; a neuron would spike without end");
}

void check_together(const Subject&, const EscapeNeuron&) {}

void check_together(const Subject& subject, const ExponentialNeuron& neuron) {
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

void check_together(const Subject&, const QuadraticNeuron&) {}

}  // namespace

void check_neuron(const Subject& subject, const Neuron& neuron) {
    std::visit(
        [&](const auto& law) {
            check_numbers(subject, law);
            check_together(subject, law);
        },
        neuron);
}

}  // namespace heddle
