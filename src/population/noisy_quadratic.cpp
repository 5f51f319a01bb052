#include "circuit/checks.hpp"
#include "heddle/core/error.hpp"
#include "heddle/population/quadratic_equations.hpp"
#include "population/quadratic_checks.hpp"
#include "population/quadratic_writer.hpp"

namespace heddle {
namespace {

Circuit without_noise(Circuit circuit) {
    for (Population& population : circuit.populations) population.noise = {};
    return circuit;
}

void add_noise(const Population& population, std::vector<std::string>& assumptions) {
    if (population.noise.sigma > 0.0)
        assumptions.push_back(
            "Population '" + population.name +
            "': of what its noise does to the law of potentials, "
            "the second pseudo-cumulant is followed and higher ones are left out; K_" +
            population.name +
            " says how large it is: where that is below 0.1, stationary rates are within 2.5 %.");
}

/// Says how neurons adapt in slices, in place of how they would without.
void set_adaptation(const Population& population, Index slices,
                    std::vector<std::string>& assumptions) {
    const std::string subject = "Population '" + population.name + "': ";
    std::erase_if(assumptions, [&](const std::string& line) {
        return line.starts_with(subject + "every neuron adapts");
    });
    assumptions.push_back(subject +
                          "neurons adapt by the rate of their part of the law of eta, "
                          "one of " +
                          std::to_string(slices) +
                          ", while the circuit's neurons adapt by their own spikes.");
}

}  // namespace

RateEquations quadratic_equations(const Circuit& circuit, const QuadraticEquationOptions& options) {
    check_quadratic(circuit, true);
    if (options.slices < 1)
        throw DomainError("slices is " + std::to_string(options.slices) +
                          "; give 1 or more, 20 say");
    const QuadraticRates rates = quadratic_rates(without_noise(circuit));
    Vector sigma(rates.tau.size());
    for (Index a = 0; a < sigma.size(); ++a)
        sigma[a] = circuit.populations[static_cast<std::size_t>(a)].noise.sigma;
    RateEquations equations = write_quadratic(rates, sigma, options.slices);
    for (const Population& population : circuit.populations) {
        add_noise(population, equations.assumptions);
        if (options.slices > 1 && !population.adaptation.empty())
            set_adaptation(population, options.slices, equations.assumptions);
    }
    return equations;
}

}  // namespace heddle
