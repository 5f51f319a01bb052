#include <algorithm>
#include <cmath>
#include <numbers>

#include "circuit/checks.hpp"
#include "network/checks.hpp"

namespace heddle {
namespace {

constexpr double largest_exponent = 700.0;  // exp(709.8) is no double any more.
constexpr double tail = 2.87e-7;            // Of a normal law beyond five standard deviations.

double lowest(const Distribution& law) {
    return quantile(law, tail);
}
double highest(const Distribution& law) {
    return quantile(law, 1.0 - tail);
}

/// What a population receives from outside, on average; of what comes and goes, the most.
struct MeanInput {
    double current = 0.0;      ///< pA.
    double jumps = 0.0;        ///< Of delta synapses, mV / ms.
    double conductance = 0.0;  ///< nS.
    double reversal = 0.0;     ///< Σ conductance E_rev, nS mV.

    void operator()(const CurrentInput& input) {
        current += std::max(0.0, input.values.maxCoeff());
    }

    void operator()(const OrnsteinUhlenbeckInput& input) {
        current += std::max(0.0, input.mean + 5.0 * input.sigma);
    }

    void operator()(const PoissonInput& input) {
        const bool comes_and_goes = input.start > 0.0 || std::isfinite(input.stop);
        if (comes_and_goes && input.weight < 0.0) return;
        const Synapse& synapse = input.synapse;
        const double rate = 1e-3 * input.rate * input.weight;
        if (synapse.kind == Synapse::Kind::delta) {
            jumps += rate;
            return;
        }
        const double shape = synapse.kind == Synapse::Kind::alpha ? std::numbers::e : 1.0;
        const double mean = rate * shape * synapse.tau_syn;
        (synapse.conductance ? conductance : current) += mean;
        if (synapse.conductance) reversal += mean * synapse.E_rev;
    }
};

/// The highest potential to which input drives a neuron that does not spike.
double driven(const EscapeNeuron& neuron, const Population& population, const MeanInput& input) {
    const auto law = [&](const char* name) { return law_of(population, name); };
    const double tau_m = highest(law("tau_m"));
    const double current = (highest(law("I_e")) + input.current) / lowest(law("C_m"));
    const double free = highest(law("E_L")) + tau_m * std::max(0.0, current + input.jumps);
    const double leak = neuron.C_m / neuron.tau_m;
    return (leak * free + input.reversal) / (leak + input.conductance);
}

}  // namespace

void check_hazard(const Circuit& circuit, const Population& population) {
    const auto* neuron = std::get_if<EscapeNeuron>(&population.neuron);
    if (neuron == nullptr || neuron->hazard != Hazard::exponential) return;
    MeanInput input;
    for (const Input& one : circuit.inputs)
        if (one.target == population.name) std::visit(input, one.drive);
    const double threshold = lowest(law_of(population, "V_T_star"));
    const double softness = lowest(law_of(population, "Delta_V"));
    const auto check = [&](double potential, const std::string& where) {
        const double exponent = (potential - threshold) / softness;
        subject_of(population)
            .require(exponent <= largest_exponent,
                     "the hazard lambda_0 exp((V - V_T_star) / Delta_V) overflows at " + where +
                         ", V = " + quantity(potential, "mV") + ": the exponent is " +
                         number_text(exponent) + ", at most " + number_text(largest_exponent) +
                         " will do; raise Delta_V or V_T_star, or lower the drive" +
                         (population.quenched.empty()
                              ? ""
                              : " (of quenched laws five standard deviations count; a low and a "
                                "high narrow them)"));
    };
    check(highest(law_of(population, "E_L")), "rest");
    check(highest(law_of(population, "V_reset")), "the reset");
    check(driven(*neuron, population, input), "the potential that input drives it to");
    if (population.quenched.contains("V_m"))
        check(highest(population.quenched.at("V_m")), "the initial potential");
}

}  // namespace heddle
