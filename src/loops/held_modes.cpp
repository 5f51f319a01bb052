#include "loops/held_modes.hpp"

#include <cmath>
#include <string>
#include <utility>

#include "loops/bounded_inputs.hpp"
#include "loops/dealt_targets.hpp"

namespace heddle {
namespace {

/// Largest |v_c| of each loop.
Vector input_limits(const Matrix& u, double norm_limit) {
    return norm_limit * u.colwise().norm().cwiseInverse().transpose();
}

std::string obstacle(const BoundedInputs& inputs, const Matrix& u, double norm_limit) {
    const std::string loop = "loop " + std::to_string(inputs.obstacle);
    if (std::isnan(inputs.needed))
        return "no weights that obey the rules let " + loop + " hold its modes";
    return loop + " would need the norm " +
           std::to_string(inputs.needed * u.col(inputs.obstacle).norm()) + ", the limit is " +
           std::to_string(norm_limit);
}

}  // namespace

ThalamicLag lag_of(const PlacementOptions& options, const Network& network) {
    return {options.thalamic_tau / network.tau, options.delay / network.tau};
}

Matrix outputs_for(const PlacementOptions& options, Index n) {
    if (options.u.size() > 0) return options.u;
    return folded(weight_bounds(options.u_rules, n, options.loops, "u"),
                  drawn_outputs(n, options.loops, options.seed));
}

void hold_modes(Placement& placement, const Matrix& u, const LoopModes& placed,
                const ThalamicLag& lag, const PlacementOptions& options, const Matrix& subspace) {
    const ComplexVector& upper = placed.eigenvalues;
    const Matrix g = real_form(placed.directions * lag.factors(upper).asDiagonal(), upper);
    Matrix x = real_form(placed.modes, upper);
    if (subspace.size() > 0) x = subspace.transpose() * x;
    BoundedInputs inputs =
        bounded_inputs(x, g, weight_bounds(options.v_rules, u.rows(), u.cols(), "v"),
                       input_limits(u, options.norm_limit));
    Matrix v = subspace.size() > 0 ? Matrix(subspace * inputs.v) : std::move(inputs.v);
    placement.loops = {u, std::move(v), options.thalamic_tau, options.delay};
    placement.solve_condition = inputs.condition;
    placement.feasible = inputs.feasible;
    if (!inputs.feasible) placement.reason = obstacle(inputs, u, options.norm_limit);
}

}  // namespace heddle
