#include "heddle/population/age_structured_rates.hpp"

#include <cmath>

#include "population/age_circuit.hpp"

namespace heddle {
namespace {

AgeStructuredBranch branch_of(const AgeCircuit& circuit, const RateSolution& solution) {
    const Vector& rates = solution.value.rates;
    AgeStructuredBranch branch{.rates = rates,
                               .potential = circuit.potential(rates),
                               .variability = Vector(rates.size()),
                               .residual = solution.value.residual,
                               .error = Vector(rates.size()),
                               .history = solution.history,
                               .jacobian = solution.value.jacobian,
                               .starts = solution.starts};
    for (Index a = 0; a < rates.size(); ++a) {
        const AgeDensity density = circuit.density(a, rates);
        const Population& population = circuit.circuit.populations[static_cast<std::size_t>(a)];
        const AgeDensity finer = refined(density, population, branch.potential[a], branch.rates[a]);
        branch.variability[a] = density.variability();
        branch.error[a] = std::abs(finer.rate() - density.rate());
    }
    return branch;
}

}  // namespace

AgeStructuredRates age_structured_rates(const Circuit& circuit,
                                        const AgeStructuredOptions& options) {
    const AgeCircuit ages = age_circuit(circuit);
    const RateMap map = [&](const Vector& rates) { return ages.value_at(rates); };
    const RateSolutions solutions = search_rates(map, ages.ceiling(), ages.bounded(),
                                                 options.starts, options.most_steps, options.seed);
    AgeStructuredRates found{{}, {}, solutions.failed, age_assumptions(ages.circuit), {}};
    found.assumptions.insert(found.assumptions.begin(), "Populations are infinite.");
    for (const Population& population : circuit.populations) found.names.push_back(population.name);
    for (const RateSolution& solution : solutions.found)
        found.branches.push_back(branch_of(ages, solution));
    found.statement = statement_of(solutions);
    return found;
}

}  // namespace heddle
