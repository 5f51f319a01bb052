#include "heddle/loops/placement.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <sstream>
#include <utility>

#include "heddle/core/error.hpp"
#include "heddle/spectrum/gain_law.hpp"
#include "loops/dealt_targets.hpp"
#include "loops/dense_placement.hpp"
#include "loops/krylov_placement.hpp"
#include "loops/structured_placement.hpp"
#include "loops/weight_bounds.hpp"

namespace heddle {
namespace {

std::string number(double value) {
    std::ostringstream out;
    out.precision(2);
    out << value;
    return out.str();
}

void judge(Placement& placement, const Bulk& bulk, const PlacementOptions& options) {
    const Index n = placement.loops.u.rows();
    const double eps = std::numeric_limits<double>::epsilon();
    const double error = placement.error.maxCoeff();
    const double rounding =
        eps * placement.condition.maxCoeff() * placement.gain / static_cast<double>(n);
    placement.trusted = placement.feasible && error <= options.tolerance &&
                        rounding <= options.tolerance && placement.outliers <= 0 &&
                        !(placement.drift > options.tolerance);
    if (placement.trusted) return;
    if (!placement.feasible) {
        placement.reason += "; the nearest loops that may be miss the worst target by " +
                            number(error) + ": more loops or weaker rules would help";
        return;
    }
    if (placement.drift > options.tolerance) {
        placement.reason = "an eigenvalue that was to stay moves by " + number(placement.drift) +
                           "; fewer targets, more loops or freeze = none would help";
        return;
    }
    placement.reason = "the worst target is missed by " + number(error) +
                       " (rounding of the loops alone shifts it by about " + number(rounding) +
                       "), tolerance " + number(options.tolerance);
    const Index k = placement.loops.u.cols();
    const Index enough = std::max(k + 1, loops_needed(placement.targets, bulk, n, options.tolerance,
                                                      eps, placement.targets.size()));
    if (placement.outliers > 0)
        placement.reason += ", and the loops add " + std::to_string(placement.outliers) +
                            " eigenvalues right of the targets";
    placement.reason += "; by the gain law " + std::to_string(enough) + " loops would do";
}

void require(bool holds, const std::string& complaint) {
    if (!holds) throw DomainError(complaint);
}

void check_numbers(const Network& network, const PlacementOptions& options) {
    const Index n = size(network);
    require(
        options.loops >= 1 && options.loops <= n,
        "loops: found " + std::to_string(options.loops) + ", expected 1 to " + std::to_string(n));
    require(options.condition_weight >= 0.0 && options.condition_weight <= 1.0,
            "condition_weight: found " + number(options.condition_weight) + ", expected 0 to 1");
    require(options.most_evaluations >= 1, "most_evaluations: found " +
                                               std::to_string(options.most_evaluations) +
                                               ", expected 1 or more");
    require(options.norm_limit > 0.0,
            "norm_limit: found " + number(options.norm_limit) + ", expected a positive number");
    for (const auto& [name, value] :
         {std::pair("thalamic_tau", options.thalamic_tau), std::pair("delay", options.delay)})
        require(value >= 0.0 && std::isfinite(value),
                std::string(name) + ": found " + number(value) + " s, expected 0 or more");
}

void check_given(const Matrix& given, const char* name, const WeightRules& rules, Index n,
                 Index k) {
    const WeightBounds bounds = weight_bounds(rules, n, k, name);
    if (given.size() == 0) return;
    if (given.rows() != n || given.cols() != k)
        throw ShapeError(name, shape_text(n, k), shape_text(given.rows(), given.cols()));
    require(given.allFinite(),
            std::string(name) + ": found NaN or infinity, expected finite numbers");
    for (Index c = 0; c < k; ++c)
        require(!given.col(c).isZero(0.0), std::string(name) + ": loop " + std::to_string(c) +
                                               " is all zero, expected a loop that reaches units");
    check_within(bounds, given, name);
}

/// Choices that exclude each other.
void check_choices(const PlacementOptions& options, bool dense) {
    const bool ruled = !options.u_rules.empty() || !options.v_rules.empty();
    const bool limited = options.norm_limit < std::numeric_limits<double>::infinity();
    const bool given_u = options.u.size() > 0, given_v = options.v.size() > 0;
    const bool lags = options.thalamic_tau > 0.0 || options.delay > 0.0;
    require(!(given_u && given_v),
            "u and v are both given, which leaves nothing to be placed with; leave one out");
    require(
        !(options.freeze == Freeze::rest &&
          (limited || !(given_v ? options.u_rules : options.v_rules).empty())),
        "freeze = 'rest' fixes the subspace of the loops, which signs, masks and norm limits on "
        "them exclude; drop one of the two");
    const bool elsewhere = given_v || options.directions == DirectionChoice::optimised ||
                           options.freeze == Freeze::rest;
    require(dense || !elsewhere,
            "the solvers 'krylov' and 'structured' take no v, optimised directions or freeze; "
            "'dense' does, with n² memory");
    if (options.method == PlacementMethod::least_gain) return;
    require(options.loops == 1, "method 'spectral' places with one loop, found loops = " +
                                    std::to_string(options.loops) +
                                    "; 'least_gain' takes any number");
    require(dense,
            "method 'spectral' decomposes W; the solvers 'krylov' and 'structured' take "
            "'least_gain'");
    require(!given_u,
            "method 'spectral' computes u from a random v; leave u out or use 'least_gain'");
    require(!elsewhere && !ruled && !limited && !lags,
            "method 'spectral' takes no v, directions, freeze, signs, masks, norm limit, "
            "thalamic_tau or delay; 'least_gain' does");
}

void check_options(const Network& network, const PlacementOptions& options) {
    const Index n = size(network);
    check_numbers(network, options);
    check_choices(options, solver_for(network, options.solver) == PlacementSolver::dense);
    check_given(options.u, "u", options.u_rules, n, options.loops);
    check_given(options.v, "v", options.v_rules, n, options.loops);
}

Placement placed_by(PlacementSolver solver, const Network& network,
                    const ComplexVectorView& targets, const PlacementOptions& options,
                    const Progress& progress) {
    if (solver == PlacementSolver::krylov) return krylov_placement(network, targets, options);
    if (solver == PlacementSolver::structured)
        return structured_placement(network, targets, options);
    return dense_placement(network, targets, upper_half(targets), options, progress);
}

}  // namespace

Placement place_eigenvalues(const Network& network, const ComplexVectorView& targets,
                            const PlacementOptions& options, const Progress& progress) {
    validate(network);
    check_options(network, options);
    const bool published = options.method == PlacementMethod::spectral;
    check_targets(targets, size(network), published ? 1 : options.loops);
    Placement placement =
        placed_by(solver_for(network, options.solver), network, targets, options, progress);
    placement.gain = norm(placement.loops);
    judge(placement, bulk_of(network), options);
    return placement;
}

}  // namespace heddle
