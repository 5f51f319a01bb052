#include "heddle/loops/robust_loop.hpp"

#include <nlopt.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <sstream>
#include <vector>

#include "heddle/core/error.hpp"
#include "heddle/core/random.hpp"
#include "heddle/linalg/eigenvalues.hpp"
#include "heddle/loops/readout_deviation.hpp"
#include "heddle/spectrum/closed_loop.hpp"
#include "loops/robust_terms.hpp"

namespace heddle {
namespace {

constexpr unsigned memory = 20;     // Pairs of steps that stand for the Hessian.
constexpr double agreement = 1e-3;  // Of the two deviations.

/// One start and where it ended.
struct Descent {
    RobustProblem problem;
    Vector u;  ///< Best so far.
    double start_cost, cost;
    Index evaluations = 0;
};

double objective(unsigned count, const double* point, double* slope, void* data) {
    Descent& descent = *static_cast<Descent*>(data);
    const Vector u = Eigen::Map<const Vector>(point, count);
    const RobustCost at = robust_loop_cost(descent.problem, u);
    ++descent.evaluations;
    if (slope != nullptr) Eigen::Map<Vector>(slope, count) = at.gradient;
    if (at.cost < descent.cost) {
        descent.cost = at.cost;
        descent.u = u;
    }
    return std::isfinite(at.cost) ? std::log(at.cost) : HUGE_VAL;
}

/// The cost does not change along u, so its length, here √n, is only the unit of the first step.
void descend(Descent& descent, const RobustLoopOptions& options) {
    const auto count = static_cast<unsigned>(descent.u.size());
    const std::unique_ptr<nlopt_opt_s, decltype(&nlopt_destroy)> solver(
        nlopt_create(NLOPT_LD_LBFGS, count), nlopt_destroy);
    nlopt_set_min_objective(solver.get(), objective, &descent);
    nlopt_set_vector_storage(solver.get(), memory);
    nlopt_set_maxeval(solver.get(), options.most_evaluations);
    nlopt_set_ftol_abs(solver.get(), options.precision);
    Vector point = descent.u;
    double value = 0.0;
    // Whatever made it stop, the best point is the answer.
    static_cast<void>(nlopt_optimize(solver.get(), point.data(), &value));
}

void check(const RobustLoopOptions& options) {
    if (options.starts < 1) throw DomainError("starts: found 0, expected 1 or more");
    if (options.most_evaluations < 1)
        throw DomainError("most_evaluations: found " + std::to_string(options.most_evaluations) +
                          ", expected 1 or more");
    const auto require = [](double value, const char* name) {
        if (!(std::isfinite(value) && value >= 0.0))
            throw DomainError(std::string(name) + ": found " + std::to_string(value) +
                              ", expected 0 or more");
    };
    require(options.precision, "precision");
    require(options.noise, "noise");
    require(options.tolerance, "tolerance");
}

Vector drawn(Index n, std::uint64_t seed, std::size_t start) {
    Vector u(n);
    Random(seed, stream_of("robust/" + std::to_string(start)))
        .fill_normal({u.data(), static_cast<std::size_t>(n)});
    return std::sqrt(static_cast<double>(n)) * u.normalized();
}

std::string number(double value) {
    std::ostringstream out;
    out.precision(2);
    out << value;
    return out.str();
}

/// κ_i = |r′_i| |l′_i| of every target, in its given order.
Vector conditions(const RobustProblem& problem, const RobustState& state) {
    const PairLayout poles = poles_of(problem), roots = roots_of(problem);
    const ComplexMatrix inverse = packed_rows(problem.inverse_modes, roots);
    const ComplexMatrix modes = packed_columns(state.modes, targets_of(problem));
    const ComplexVector b = state.a.cwiseInverse();
    const HalfSet wanted = half_of(problem.targets);
    Vector all(problem.targets.size());
    for (Index i = 0; i < problem.placed.size(); ++i) {
        const Matrix row = unpacked_rows(inverse.row(problem.placed(i)), {0, 1});
        const ComplexMatrix spread = packed_columns(row, poles) * b.asDiagonal();
        const Matrix left = unpacked_columns(spread, poles) * problem.left;
        const double pair = i < problem.real_targets ? 1.0 : 2.0;
        const Index given = wanted.origin[static_cast<std::size_t>(i)];
        Index partner = 0;
        (problem.targets.array() - std::conj(problem.targets(given))).abs().minCoeff(&partner);
        all(given) = all(partner) = modes.col(i).norm() * left.norm() / pair;
    }
    return all;
}

void judge(RobustLoop& loop, Index n, double tolerance) {
    const double rounding = std::numeric_limits<double>::epsilon() * loop.condition.maxCoeff() *
                            loop.gain / static_cast<double>(n);
    const double apart = std::abs(loop.checked_deviation - loop.deviation);
    const bool placed = loop.error.maxCoeff() <= tolerance && rounding <= tolerance;
    const bool agreed = apart <= agreement * loop.deviation;
    loop.trusted = placed && agreed;
    if (!placed)
        loop.reason = "the worst target is missed by " + number(loop.error.maxCoeff()) +
                      " (rounding of the loop alone shifts it by about " + number(rounding) +
                      "), tolerance " + number(tolerance) +
                      "; fewer targets, a larger network or several loops would do";
    else if (!agreed)
        loop.reason = "the deviation from the eigenvectors, " + number(loop.deviation) +
                      ", and that from the weights, " + number(loop.checked_deviation) +
                      ", disagree: the eigenvectors are too nearly dependent";
}

RobustLoop finished(const Network& network, const Descent& best, const RobustLoopOptions& options) {
    const RobustProblem& problem = best.problem;
    const Vector u = best.u.normalized();
    const Matrix weights = dense_weights(network);
    RobustLoop loop{.loops = robust_loop_at(problem, u), .targets = problem.targets};
    loop.initial_state = robust_initial_state(problem, u);
    loop.start_cost = best.start_cost;
    const RobustCost end = robust_loop_cost(problem, u);
    loop.cost = end.cost;
    loop.slope = end.gradient.norm();
    loop.deviation = options.noise * end.cost;
    loop.checked_deviation =
        readout_deviation(network, loop.loops, loop.initial_state, problem.duration, options.noise)
            .deviation;
    const ComplexVector spectrum = closed_spectrum(weights, loop.loops);
    loop.error = distances(problem.targets, spectrum);
    loop.condition = conditions(problem, robust_state(problem, u));
    loop.gain = norm(loop.loops);
    loop.solve_condition = problem.solve_condition;
    loop.abscissa = spectral_abscissa(spectrum);
    judge(loop, u.size(), options.tolerance);
    return loop;
}

}  // namespace

RobustLoop robust_loop(const Network& network, const ComplexVectorView& targets,
                       const ComplexVectorView& amplitudes, double duration,
                       const RobustLoopOptions& options, const Progress& progress) {
    check(options);
    const RobustProblem common = robust_problem(network, targets, amplitudes, duration);
    std::vector<Descent> descents(options.starts);
    const auto body = [&](std::size_t i) {
        const Vector u = drawn(size(network), options.seed, i);
        RobustProblem problem =
            options.strengths == Strengths::least
                ? common
                : robust_problem(network, targets, amplitudes, duration, options.strengths, u);
        const double cost = robust_loop_cost(problem, u).cost;
        descents[i] = {std::move(problem), u, cost, cost};
        if (std::isfinite(cost)) descend(descents[i], options);
    };
    parallel_for(options.starts, options.threads, body, progress);
    const auto best =
        std::min_element(descents.begin(), descents.end(),
                         [](const Descent& a, const Descent& b) { return a.cost < b.cost; });
    if (!std::isfinite(best->cost))
        throw NotConverged("no start has a finite cost; another seed or fewer targets would do");
    RobustLoop loop = finished(network, *best, options);
    loop.costs.resize(static_cast<Index>(descents.size()));
    loop.evaluations = 0;
    for (std::size_t i = 0; i < descents.size(); ++i) {
        loop.costs(static_cast<Index>(i)) = descents[i].cost;
        loop.evaluations += descents[i].evaluations;
    }
    return loop;
}

}  // namespace heddle
