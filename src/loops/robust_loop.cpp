#include "heddle/loops/robust_loop.hpp"

#include <nlopt.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <vector>

#include "heddle/core/error.hpp"
#include "heddle/core/random.hpp"
#include "loops/robust_evidence.hpp"

namespace heddle {
namespace {

constexpr unsigned memory = 20;  // Pairs of steps that stand for the Hessian.

/// One start and where it ended.
struct Descent {
    std::shared_ptr<const RobustProblem> problem;
    Vector u;  ///< Best so far.
    double start_cost, cost;
    Index evaluations = 0;
};

double objective(unsigned count, const double* point, double* slope, void* data) {
    Descent& descent = *static_cast<Descent*>(data);
    const Vector u = Eigen::Map<const Vector>(point, count);
    const RobustCost at = robust_loop_cost(*descent.problem, u);
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

RobustLoop best_of(const Network& network, const std::vector<Descent>& descents,
                   const RobustLoopOptions& options) {
    const auto best =
        std::min_element(descents.begin(), descents.end(),
                         [](const Descent& a, const Descent& b) { return a.cost < b.cost; });
    if (!std::isfinite(best->cost))
        throw NotConverged("no start has a finite cost; another seed or fewer targets would do");
    RobustLoop loop = with_evidence(network, *best->problem, best->u.normalized(), options);
    loop.start_cost = best->start_cost;
    loop.costs.resize(static_cast<Index>(descents.size()));
    loop.evaluations = 0;
    for (std::size_t i = 0; i < descents.size(); ++i) {
        loop.costs(static_cast<Index>(i)) = descents[i].cost;
        loop.evaluations += descents[i].evaluations;
    }
    return loop;
}

}  // namespace

RobustLoop robust_loop(const Network& network, const ComplexVectorView& targets,
                       const ComplexVectorView& amplitudes, double duration,
                       const RobustLoopOptions& options, const Progress& progress) {
    check(options);
    // Strengths that do not depend on u are shared by all starts.
    const auto problem_for = [&](const VectorView& u) {
        return std::make_shared<const RobustProblem>(
            robust_problem(network, targets, amplitudes, duration, options.strengths, u));
    };
    const auto common = options.strengths == Strengths::least ? problem_for(Vector()) : nullptr;
    std::vector<Descent> descents(options.starts);
    const auto body = [&](std::size_t i) {
        const Vector u = drawn(size(network), options.seed, i);
        const auto problem = common ? common : problem_for(u);
        const double cost = robust_loop_cost(*problem, u).cost;
        descents[i] = {problem, u, cost, cost};
        if (std::isfinite(cost)) descend(descents[i], options);
    };
    parallel_for(options.starts, options.threads, body, progress);
    return best_of(network, descents, options);
}

}  // namespace heddle
