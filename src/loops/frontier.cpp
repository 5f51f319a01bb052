#include "heddle/loops/frontier.hpp"

#include <cmath>
#include <string>
#include <utility>

#include "heddle/core/error.hpp"
#include "heddle/spectrum/closed_loop.hpp"
#include "loops/dealt_targets.hpp"

namespace heddle {
namespace {

void check_options(const FrontierOptions& options, Index n) {
    if (options.most_loops < 1 || options.most_loops > n)
        throw DomainError("most_loops: found " + std::to_string(options.most_loops) +
                          ", expected 1 to " + std::to_string(n));
    if (!(options.tolerance > 0.0))
        throw DomainError("tolerance: found " + std::to_string(options.tolerance) +
                          ", expected a positive number");
    if (!(options.eta > 0.0))
        throw DomainError("eta: found " + std::to_string(options.eta) +
                          ", expected a positive number (2.2e-16 for rounding alone)");
}

/// What all k share: the responses of W to as many loops as there will ever be.
struct Probe {
    const Network& network;
    const WeightsResolvent& resolvent;
    ComplexVector targets;
    ComplexVector upper;
    Matrix u;                 ///< Shape (n, K).
    ComplexMatrix responses;  ///< As `loop_responses` has them, shape (n, m K).
    Bulk bulk;
};

/// The responses to the first k loops, in the order that k loops have.
ComplexMatrix responses_to_first(const Probe& probe, Index k) {
    const Index all = probe.u.cols();
    ComplexMatrix first(probe.responses.rows(), probe.upper.size() * k);
    for (Index i = 0; i < probe.upper.size(); ++i)
        first.middleCols(i * k, k) = probe.responses.middleCols(i * all, k);
    return first;
}

/// ‖U Vᵀ‖_F of k of the drawn loops, counted from `first` round and round.
double gain_of(const Probe& probe, Index first, Index k) {
    const Index all = probe.u.cols();
    LoopModes placed = {probe.upper,
                        unit_directions(probe.upper, k),
                        {},
                        ComplexMatrix(probe.u.rows(), probe.upper.size())};
    for (Index i = 0; i < probe.upper.size(); ++i)
        placed.modes.col(i) = probe.responses.col(i * all + (first + i % k) % all);
    Loops loops{Matrix(probe.u.rows(), k), least_inputs(placed).v, 0.0};
    for (Index loop = 0; loop < k; ++loop) loops.u.col(loop) = probe.u.col((first + loop) % all);
    return norm(loops);
}

/// Mean and standard deviation over every beginning.
struct Draws {
    double mean;
    double deviation;
};

Draws gain_of_draws(const Probe& probe, Index k) {
    const Index all = probe.u.cols();
    Vector gains(all);
    for (Index first = 0; first < all; ++first) gains(first) = gain_of(probe, first, k);
    const double variance =
        (gains.array() - gains.mean()).square().sum() / static_cast<double>(all - 1);
    return {gains.mean(), std::sqrt(variance)};
}

FrontierPoint point_at(const Probe& probe, Index k, const FrontierOptions& options) {
    const Index n = probe.u.rows();
    FrontierPoint point{.loops = k};
    const ExpectedPlacement law = expected_placement(probe.targets, k, probe.bulk, n);
    point.law_gain = law.gain;
    point.law_condition = law.condition;
    point.law_shift = noise_shift(law.condition, law.gain, probe.bulk, n, options.eta);
    const Draws draws = gain_of_draws(probe, k);
    point.response_gain = draws.mean;
    point.response_gain_deviation = draws.deviation;

    const LoopModes placed =
        dealt_modes(probe.resolvent, probe.upper, responses_to_first(probe, k), k);
    const Loops loops{probe.u.leftCols(k), least_inputs(placed).v, 0.0};
    const ClosedLoop closed = closed_loop(probe.resolvent, probe.network, loops, placed);
    point.gain = norm(loops);
    point.condition = spread_to_all(probe.targets, probe.upper, closed.condition);
    point.error = spread_to_all(probe.targets, probe.upper, closed.error);
    point.shift = noise_shift(point.condition, point.gain, probe.bulk, n, options.eta);
    point.suffices =
        point.error.maxCoeff() <= options.tolerance && point.shift.maxCoeff() <= options.tolerance;
    return point;
}

/// The fewest loops from which on `suffices` holds.
template <class Suffices>
Index enough_of(const std::vector<FrontierPoint>& points, const Suffices& suffices) {
    Index enough = 0;
    for (const FrontierPoint& point : points) {
        if (!suffices(point))
            enough = 0;
        else if (enough == 0)
            enough = point.loops;
    }
    return enough;
}

}  // namespace

Frontier frontier(const Network& network, const ComplexVectorView& targets,
                  const FrontierOptions& options, const Progress& progress) {
    validate(network);
    const Index n = size(network);
    check_options(options, n);
    check_targets(targets, n);
    const ComplexVector upper = upper_half(targets);
    const Matrix u = drawn_outputs(n, options.most_loops, options.seed);
    auto resolvent = resolvent_of(network, options.solver, options.threads);
    ComplexMatrix responses = responses_at(*resolvent, upper, u);
    if (solver_for(network, options.solver) != WeightsSolver::dense)
        resolvent = resolvent_of(network, options.solver, 1);  // Threads now go to the points.
    const Probe probe{network, *resolvent,           targets,         upper,
                      u,       std::move(responses), bulk_of(network)};

    Frontier result{
        .targets = targets, .bulk = probe.bulk, .tolerance = options.tolerance, .eta = options.eta};
    result.points.resize(static_cast<std::size_t>(options.most_loops));
    const auto body = [&](std::size_t i) {
        result.points[i] = point_at(probe, static_cast<Index>(i) + 1, options);
    };
    parallel_for(result.points.size(), options.threads, body, progress);
    result.enough = enough_of(result.points, [](const FrontierPoint& p) { return p.suffices; });
    result.enough_by_law = enough_of(result.points, [&](const FrontierPoint& p) {
        return p.law_shift.maxCoeff() <= options.tolerance;
    });
    return result;
}

}  // namespace heddle
