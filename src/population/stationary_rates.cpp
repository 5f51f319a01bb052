#include "heddle/population/stationary_rates.hpp"

#include <algorithm>

#include "heddle/linalg/eigenvalues.hpp"
#include "population/diffusion_input.hpp"
#include "population/rate_search.hpp"

namespace heddle {
namespace {

StationaryBranch branch_of(const DiffusionInput& input, const RateSolution& solution) {
    const Vector& rates = solution.value.rates;
    StationaryBranch branch{rates,
                            Vector(rates.size()),
                            Vector(rates.size()),
                            solution.value.residual,
                            solution.history,
                            eigenvalues(solution.value.jacobian),
                            false,
                            solution.starts};
    for (Index a = 0; a < rates.size(); ++a) {
        const SiegertPoint point = input.point(a, rates);
        branch.mu[a] = point.mu;
        branch.sigma[a] = point.sigma;
    }
    branch.stable = spectral_abscissa(branch.eigenvalues) < 1.0;
    return branch;
}

}  // namespace

StationaryRates stationary_rates(const Circuit& circuit, const StationaryOptions& options) {
    const DiffusionInput input = diffusion_input(circuit, options.theory);
    const RateMap map = [&](const Vector& rates) { return input.value_at(rates); };
    const RateSolutions solutions = search_rates(map, input.ceiling(), input.bounded(),
                                                 options.starts, options.most_steps, options.seed);
    StationaryRates found{{}, {}, solutions.failed, input.assumptions, {}};
    for (const Population& population : circuit.populations) found.names.push_back(population.name);
    for (const RateSolution& solution : solutions.found)
        found.branches.push_back(branch_of(input, solution));
    const Index stable = std::ranges::count_if(found.branches, &StationaryBranch::stable);
    found.statement = statement_of(solutions, stable);
    return found;
}

}  // namespace heddle
