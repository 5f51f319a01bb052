#include "heddle/rectified/fixed_points.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "heddle/core/error.hpp"
#include "heddle/linalg/eigenvalues.hpp"
#include "rectified/fixed_points_statement.hpp"
#include "rectified/unit_solutions.hpp"

namespace heddle {
namespace {

constexpr double accurate = 1e-9;  // residual of a point that may be trusted

/// The equations with q scaled by a power of two, so that its largest entry is near 1.
struct Scaled {
    UnitProblem problem;
    double scale;
};

Scaled scaled(const UnitEquations& equations) {
    const double most = equations.q.size() > 0 ? equations.q.cwiseAbs().maxCoeff() : 0.0;
    const double scale = most > 0.0 ? std::exp2(std::ceil(std::log2(most))) : 1.0;
    return {{equations.m, equations.q / scale}, scale};
}

/// The largest term that enters L x + P z + h.
double largest_term(const ThresholdLinear& system, const Vector& x, const Vector& z) {
    const double terms = (system.linear.cwiseAbs() * x.cwiseAbs() +
                          system.outputs.cwiseAbs() * z.cwiseAbs() + system.drive.cwiseAbs())
                             .maxCoeff();
    return std::max(terms, std::numeric_limits<double>::min());
}

FixedPoint point_of(const ThresholdLinear& system, const UnitEquations& equations,
                    const UnitSolution& solution, double scale) {
    FixedPoint point{.units = scale * solution.units.cwiseMax(0.0),
                     .support = solution.support,
                     .margin = solution.margin,
                     .index = solution.index,
                     .condition = solution.condition,
                     .degenerate = solution.degenerate,
                     .continuum = solution.continuum,
                     .direction = solution.direction};
    point.state = equations.state_of_units * point.units + equations.state_of_drive;
    point.residual = system.states() == 0 ? 0.0
                                          : velocity(system, point.state).cwiseAbs().maxCoeff() /
                                                largest_term(system, point.state, point.units);
    point.eigenvalues = eigenvalues(region_matrix(system, point.support));
    point.abscissa = spectral_abscissa(point.eigenvalues);
    point.stable = point.abscissa < 0.0 && !point.degenerate;
    return point;
}

/// Progress of one of several searches that follow each other.
Progress part_of(const Progress& progress, std::size_t which, std::size_t count) {
    if (!progress) return {};
    return [progress, which, count](std::size_t done, std::size_t total) {
        progress(which * total + done, count * total);
    };
}

/// A search for the degree may take twice as long as the search for the points.
Index check_nodes(const FixedPoints& all, const FixedPointOptions& options) {
    return std::min(options.most_nodes, std::max(Index{200'000}, 2 * all.nodes));
}

void count(FixedPoints& all, const SupportSearch& found) {
    all.nodes += found.nodes;
    all.pruned += found.pruned;
}

/// How far away solutions can be, against the bound below which none is missing; and where they are
/// bounded, the sum of the indices.
void find_degree(FixedPoints& all, const UnitProblem& problem, double bound,
                 const FixedPointOptions& options, const Progress& progress) {
    const Index n = problem.units();
    if (const auto reach = simple_reach(problem)) {
        all.bounded = *reach < bound;
        all.degree_known = true;
        all.degree = 1;
        return;
    }
    if (!options.parity || !all.complete) return;
    const Index most = check_nodes(all, options);
    const SupportSearch rays = search_supports({problem.m, problem.q, true}, most, options.threads,
                                               part_of(progress, 1, 3));
    count(all, rays);
    if (rays.open > 0 || !rays.supports.empty()) return;
    all.bounded = rays.reach < bound;
    const UnitProblem inhibited{problem.m, Vector::Constant(n, -1.0)};
    const SupportSearch other =
        search_supports(inhibited, most, options.threads, part_of(progress, 2, 3));
    count(all, other);
    const UnitSolutions solutions = solve_supports(inhibited, other.supports);
    all.degree = solutions.index_sum;
    all.degree_known = other.open == 0 && solutions.unresolved == 0 && solutions.regular;
}

/// q = 0: the origin, and the rays if there are any.
UnitSolutions solve_homogeneous(UnitProblem problem, const std::vector<Support>& rays) {
    problem.rays = true;
    UnitSolutions found = solve_supports(problem, rays);
    for (UnitSolution& ray : found.solutions) {
        ray.continuum = true;
        ray.direction = ray.units / ray.units.maxCoeff();
    }
    problem.rays = false;
    const UnitSolutions origin = solve_supports(problem, {Support{}});
    found.solutions.insert(found.solutions.begin(), origin.solutions.front());
    found.index_sum += origin.index_sum;
    found.regular = false;
    return found;
}

void add_points(FixedPoints& all, const ThresholdLinear& system, const UnitEquations& equations,
                const std::vector<UnitSolution>& solutions, double scale, std::size_t threads) {
    all.points.resize(solutions.size());
    parallel_for(solutions.size(), threads, [&](std::size_t i) {
        all.points[i] = point_of(system, equations, solutions[i], scale);
    });
}

}  // namespace

FixedPoints fixed_points(const ThresholdLinear& system, const FixedPointOptions& options,
                         const Progress& progress) {
    if (options.most_nodes < 1)
        throw DomainError("most_nodes: found " + std::to_string(options.most_nodes) +
                          ", expected at least 1");
    const UnitEquations equations = unit_equations(system);
    const auto [problem, scale] = scaled(equations);
    const bool homogeneous = problem.units() > 0 && problem.q.isZero(0.0);
    const SupportSearch found =
        search_supports({problem.m, problem.q, homogeneous}, options.most_nodes, options.threads,
                        part_of(progress, 0, options.parity ? 3 : 1));
    const UnitSolutions solutions = homogeneous ? solve_homogeneous(problem, found.supports)
                                                : solve_supports(problem, found.supports);
    FixedPoints all{
        .complete = found.open == 0 && solutions.unresolved == 0,
        .bound = homogeneous ? std::numeric_limits<double>::infinity() : scale * found.bound};
    count(all, found);
    add_points(all, system, equations, solutions.solutions, scale, options.threads);
    all.index_sum = solutions.index_sum;
    if (homogeneous)
        all.bounded = all.complete && found.supports.empty();
    else
        find_degree(all, problem, found.bound, options, progress);
    const bool exact = std::ranges::all_of(
        all.points, [](const FixedPoint& point) { return point.residual < accurate; });
    const bool sums = !all.degree_known || !solutions.regular || all.index_sum == all.degree;
    all.trusted = all.complete && exact && sums;
    all.statement = statement_of(all, {found.open, solutions.unresolved, solutions.regular, exact});
    return all;
}

}  // namespace heddle
