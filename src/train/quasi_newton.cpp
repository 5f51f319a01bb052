#include "train/quasi_newton.hpp"

#include <nlopt.h>

#include <cmath>
#include <exception>
#include <memory>

namespace heddle {
namespace {

struct Search {
    const Objective& objective;
    nlopt_opt_s* solver;
    Minimum best;
    double barrier = 0.0;  ///< For points without a loss: line searches cannot take infinity.
    Vector theta, slope;
    std::exception_ptr error;
};

double evaluate(Search& search, const double* point, double* slope) {
    search.theta = Eigen::Map<const Vector>(point, search.theta.size());
    const double value = search.objective(search.theta, search.slope);
    const bool finite = std::isfinite(value) && search.slope.allFinite();
    if (finite && search.barrier == 0.0) search.barrier = 1e3 * (1.0 + std::abs(value));
    if (slope != nullptr) {
        Eigen::Map<Vector> out(slope, search.slope.size());
        if (finite)
            out = search.slope;
        else
            out.setZero();
    }
    if (finite && value < search.best.value) search.best = {search.theta, value};
    return finite ? value : search.barrier;
}

/// Exceptions do not pass through C.
double guarded(unsigned, const double* point, double* slope, void* data) {
    Search& search = *static_cast<Search*>(data);
    try {
        return evaluate(search, point, slope);
    } catch (...) {
        search.error = std::current_exception();
        nlopt_force_stop(search.solver);
        return 0.0;
    }
}

}  // namespace

Minimum minimise(const Objective& objective, const Vector& start, const Vector& lower,
                 const Vector& upper, Index memory, Index evaluations) {
    const auto count = static_cast<unsigned>(start.size());
    const std::unique_ptr<nlopt_opt_s, decltype(&nlopt_destroy)> solver(
        nlopt_create(NLOPT_LD_LBFGS, count), nlopt_destroy);
    Search search{objective, solver.get(), {start, HUGE_VAL}};
    search.theta = search.slope = start;
    nlopt_set_min_objective(solver.get(), guarded, &search);
    nlopt_set_lower_bounds(solver.get(), lower.data());
    nlopt_set_upper_bounds(solver.get(), upper.data());
    nlopt_set_vector_storage(solver.get(), static_cast<unsigned>(memory));
    nlopt_set_maxeval(solver.get(), static_cast<int>(evaluations));
    Vector point = start;
    double value = 0.0;
    // Whatever made it stop, the best point it saw is the answer.
    static_cast<void>(nlopt_optimize(solver.get(), point.data(), &value));
    if (search.error) std::rethrow_exception(search.error);
    return search.best;
}

}  // namespace heddle
