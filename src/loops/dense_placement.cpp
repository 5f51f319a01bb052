#include "loops/dense_placement.hpp"

#include <cmath>
#include <limits>
#include <sstream>
#include <string>
#include <utility>

#include "heddle/core/error.hpp"
#include "heddle/core/random.hpp"
#include "heddle/flow/segment_map.hpp"
#include "heddle/linalg/eigenvalues.hpp"
#include "heddle/spectrum/closed_loop.hpp"
#include "loops/count_outliers.hpp"
#include "loops/dealt_targets.hpp"
#include "loops/frozen_rest.hpp"
#include "loops/held_modes.hpp"
#include "loops/optimised_directions.hpp"
#include "loops/spectral_placement.hpp"

namespace heddle {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double unreached = 1e-13;  // Cosine below which a mode counts as orthogonal to outputs.

/// What the pieces of a placement share.
struct Task {
    const Network& network;
    const Matrix& weights;
    const Resolvent& resolvent;
    const ComplexVector& upper;
    const PlacementOptions& options;
    const Progress& progress;
    WeightBounds u_bounds, v_bounds;
    ThalamicLag lag;
    FrozenRest rest;  ///< Empty unless the rest is frozen.
};

Matrix drawn_input(Index n, std::uint64_t seed) {
    Matrix v(n, 1);
    Random(seed, stream_of("placement/v"))
        .fill_normal({v.data(), static_cast<std::size_t>(v.size())});
    return v / std::sqrt(static_cast<double>(n));
}

Directions directions_for(const Task& task, Placement& placement) {
    Directions at{outputs_for(task.options, task.weights.rows()),
                  unit_directions(task.upper, task.options.loops)};
    if (task.options.directions == DirectionChoice::dealt) return at;
    DirectionProblem problem = direction_problem(task.network, task.upper);
    problem.lag = task.lag;
    problem.subspace = task.rest.subspace;
    problem.v_bounds = task.v_bounds;
    problem.condition_weight = task.options.condition_weight;
    problem.spread_load = task.options.norm_limit < infinity;
    if (!std::isfinite(direction_cost(problem, at).value)) return at;  // The verdict says why.
    OptimisedDirections found =
        optimise_directions(problem, at, task.options.u.size() == 0, task.u_bounds,
                            task.options.most_evaluations, task.progress);
    placement.evaluations = found.evaluations;
    return std::move(found.at);
}

/// A mode that no loop reaches cannot be moved.
void check_reached(const FrozenRest& rest, const Matrix& u) {
    for (Index i = 0; i < rest.left.cols(); ++i) {
        const double reach = (rest.left.col(i).transpose() * u).norm();
        if (reach > unreached * rest.left.col(i).norm() * u.norm()) continue;
        std::ostringstream text;
        text << "u: found outputs orthogonal to the left mode of the eigenvalue " << rest.moved(i)
             << " of W, which is to be moved; outputs that reach it, or freeze = none, would work";
        throw DomainError(text.str());
    }
}

/// All eigenvalues of cortex and thalamus; without thalamic dynamics those of W + U Vᵀ.
ComplexVector joint_spectrum(const Task& task, const Loops& loops) {
    if (loops.thalamic_tau == 0.0) return closed_spectrum(task.weights, loops);
    const Network linear{.weights = task.weights, .tau = task.network.tau};
    return task.network.tau * eigenvalues(joint_dynamics(linear, &loops).a).array() + 1.0;
}

/// With a delay there is no matrix whose eigenvalues the roots are, but they can be counted.
Index roots_beyond(const Task& task, const Loops& loops) {
    const Matrix u = task.resolvent.rotate(loops.u), v = task.resolvent.rotate(loops.v);
    const auto transfer = [&](Complex lambda) {
        const ComplexVector shift = ComplexVector::Constant(1, lambda);
        return ComplexMatrix(v.transpose() * task.resolvent.solve_each_rotated(shift, u));
    };
    return count_outliers(transfer, task.upper, task.lag);
}

void add_evidence(const Task& task, const LoopModes& placed, Placement& placement) {
    const ClosedLoop closed = closed_loop(task.resolvent, task.network, placement.loops, placed);
    placement.error = spread_to_all(placement.targets, task.upper, closed.error);
    placement.condition = spread_to_all(placement.targets, task.upper, closed.condition);
    if (task.options.delay > 0.0) {
        if (task.options.whole_spectrum) placement.outliers = roots_beyond(task, placement.loops);
        return;
    }
    if (!task.options.whole_spectrum) return;
    const ComplexVector spectrum = joint_spectrum(task, placement.loops);
    placement.error = distances(placement.targets, spectrum);
    placement.abscissa = spectral_abscissa(spectrum);
    if (task.rest.kept.size() > 0) placement.drift = distances(task.rest.kept, spectrum).maxCoeff();
}

Placement published(const Task& task, Placement placement) {
    SpectralPlacement found = spectral_placement(
        task.weights, placement.targets, drawn_input(task.weights.rows(), task.options.seed));
    placement.loops = std::move(found.loops);
    placement.solve_condition = found.condition;
    const LoopModes placed = dealt_modes(
        task.resolvent, task.upper, responses_at(task.resolvent, task.upper, placement.loops.u), 1);
    add_evidence(task, placed, placement);
    return placement;
}

Network transposed(const Network& network, const Matrix& weights) {
    return {.weights = weights.transpose().eval(), .tau = network.tau};
}

/// Given V: U is the V of the transposed network.
Placement placed_by_outputs(const Network& network, const ComplexVectorView& targets,
                            const ComplexVector& upper, PlacementOptions options,
                            const Progress& progress) {
    options.u = std::exchange(options.v, Matrix());
    std::swap(options.u_rules, options.v_rules);
    Placement placement = dense_placement(transposed(network, dense_weights(network)), targets,
                                          upper, options, progress);
    std::swap(placement.loops.u, placement.loops.v);
    return placement;
}

}  // namespace

Placement dense_placement(const Network& network, const ComplexVectorView& targets,
                          const ComplexVector& upper, const PlacementOptions& options,
                          const Progress& progress) {
    if (options.v.size() > 0) return placed_by_outputs(network, targets, upper, options, progress);
    const Matrix weights = dense_weights(network);
    const Resolvent resolvent(weights);
    const Index n = weights.rows(), k = options.loops;
    const Task task{network,
                    weights,
                    resolvent,
                    upper,
                    options,
                    progress,
                    weight_bounds(options.u_rules, n, k, "u"),
                    weight_bounds(options.v_rules, n, k, "v"),
                    lag_of(options, network),
                    options.freeze == Freeze::rest ? frozen_rest(weights, upper) : FrozenRest{}};
    Placement placement{.targets = targets, .outliers = -1};
    if (options.method == PlacementMethod::spectral) return published(task, std::move(placement));
    const Directions at = directions_for(task, placement);
    check_reached(task.rest, at.u);
    const LoopModes placed =
        loop_modes(resolvent, upper, responses_at(resolvent, upper, at.u), at.g);
    hold_modes(placement, at.u, placed, task.lag, options, task.rest.subspace);
    add_evidence(task, placed, placement);
    return placement;
}

}  // namespace heddle
