#include "motif/descent.hpp"

#include <nlopt.h>

#include <cmath>
#include <memory>

namespace heddle {
namespace {

constexpr int most_evaluations = 300;
constexpr double relative_tolerance = 1e-5;  // Of ln φ's change: φ itself is known to this relative
                                             // accuracy.

/// θ is scaled by the duration, so that a step of 1 turns a mode by one radian at the end of the
/// motif.
struct Problem {
    Residual& residual;
    const Region& region;
    double scale;
    Descent best;
};

double objective(unsigned count, const double* point, double* slope, void* data) {
    Problem& problem = *static_cast<Problem*>(data);
    const Vector theta = Eigen::Map<const Vector>(point, count) / problem.scale;
    const double value = problem.residual.evaluate(theta);
    if (slope != nullptr)
        Eigen::Map<Vector>(slope, count) = problem.residual.gradient() / (problem.scale * value);
    if (value < problem.best.value && problem.region.violation(theta) <= 0.0)
        problem.best = {theta, value};
    return std::log(value);
}

void constraints(unsigned, double* values, unsigned count, const double* point, double* slopes,
                 void* data) {
    const Problem& problem = *static_cast<Problem*>(data);
    const Vector theta = Eigen::Map<const Vector>(point, count) / problem.scale;
    const Index rows = Region::inequalities(static_cast<Index>(count / 2));
    problem.region.inequalities(theta, values, slopes);
    Eigen::Map<Vector>(values, rows) *= problem.scale;
}

}  // namespace

Descent descend(Residual& residual, const Region& region, const Vector& start) {
    const Index q = start.size() / 2;
    const auto count = static_cast<unsigned>(start.size());
    Problem problem{residual, region, residual.duration(), {start, residual.evaluate(start)}};
    const std::unique_ptr<nlopt_opt_s, decltype(&nlopt_destroy)> solver(
        nlopt_create(NLOPT_LD_SLSQP, count), nlopt_destroy);
    const Vector lower = problem.scale * region.lower(q), upper = problem.scale * region.upper(q);
    nlopt_set_min_objective(solver.get(), objective, &problem);
    nlopt_set_lower_bounds(solver.get(), lower.data());
    nlopt_set_upper_bounds(solver.get(), upper.data());
    nlopt_add_inequality_mconstraint(solver.get(), static_cast<unsigned>(Region::inequalities(q)),
                                     constraints, &problem, nullptr);
    nlopt_set_maxeval(solver.get(), most_evaluations);
    nlopt_set_ftol_abs(solver.get(), relative_tolerance);
    Vector point = (problem.scale * start).cwiseMax(lower).cwiseMin(upper);
    double value = 0.0;
    // Its verdict is not needed: whatever made it stop, the best point inside the region is the
    // answer.
    static_cast<void>(nlopt_optimize(solver.get(), point.data(), &value));
    return problem.best;
}

}  // namespace heddle
