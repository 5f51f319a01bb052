#include <algorithm>
#include <cmath>

#include "circuit/checks.hpp"
#include "network/checks.hpp"

namespace heddle {
namespace {

/// Rounding of decimals: 0.3 ms is three steps of 0.1 ms.
constexpr double slack = 1e-9;

void resolves(const Subject& subject, const std::string& key, double tau, double step) {
    subject.require(tau >= step * (1.0 - slack), key + " is " + quantity(tau, "ms") +
                                                     ", below the time step " +
                                                     quantity(step, "ms") + "; give a step of " +
                                                     quantity(tau, "ms") + " or less");
}

/// The shortest that a time constant of the law can be.
double shortest(const Population& population, const char* name) {
    const auto found = population.quenched.find(name);
    if (found != population.quenched.end()) return least(found->second);
    Neuron neuron = population.neuron;
    return parameter(neuron, name);
}

void check_population(const Population& population, double step) {
    const Subject subject = subject_of(population);
    if (const auto* neuron = std::get_if<ExponentialNeuron>(&population.neuron)) {
        resolves(subject, "C_m / g_L", neuron->C_m / neuron->g_L, step);
        resolves(subject, "tau_w", shortest(population, "tau_w"), step);
    } else {
        resolves(subject, "tau_m", shortest(population, "tau_m"), step);
    }
    for (std::size_t i = 0; i < population.adaptation.size(); ++i)
        resolves(subject, "adaptation[" + std::to_string(i) + "] tau", population.adaptation[i].tau,
                 step);
    if (population.noise.tau > 0.0) resolves(subject, "noise tau", population.noise.tau, step);
}

void check_synapse_step(const Subject& subject, const Synapse& synapse, double step) {
    if (synapse.kind != Synapse::Kind::delta) resolves(subject, "tau_syn", synapse.tau_syn, step);
}

double shortest_delay(const Projection& projection) {
    const auto* edges = std::get_if<Edges>(&projection.rule);
    if (edges == nullptr || edges->delay.empty()) return least(projection.delay);
    return *std::min_element(edges->delay.begin(), edges->delay.end());
}

void check_projection_step(const Projection& projection, double step) {
    const Subject subject = subject_of(projection);
    const double delay = shortest_delay(projection);
    const bool fixed = projection.delay.kind == Distribution::Kind::constant;
    subject.require(delay >= step * (1.0 - slack),
                    "delay " + std::string(fixed ? "is " : "may be as short as ") +
                        quantity(delay, "ms") + ", below the time step " + quantity(step, "ms") +
                        (fixed ? "; give a longer delay or a shorter step"
                               : "; give its law a low of at least the step"));
    check_synapse_step(subject, projection.synapse, step);
}

}  // namespace

void validate(const Circuit& circuit, double step) {
    Subject("time step").positive(step, "step", "ms");
    validate(circuit);
    for (const Population& population : circuit.populations) check_population(population, step);
    for (const Projection& projection : circuit.projections)
        check_projection_step(projection, step);
    for (const Input& input : circuit.inputs)
        if (const auto* poisson = std::get_if<PoissonInput>(&input.drive))
            check_synapse_step(Subject("input to '" + input.target + "'"), poisson->synapse, step);
}

}  // namespace heddle
