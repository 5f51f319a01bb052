#include "rectified/cycle_evidence.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <sstream>

#include "heddle/linalg/eigenvalues.hpp"
#include "rectified/cycle_flow.hpp"

namespace heddle {
namespace {

constexpr double tolerance = 1e-9;          // Of residuals, relative.
constexpr double trivial_tolerance = 1e-6;  // Of the multiplier that is 1.

/// The distance of the multiplier nearest to 1, and the largest modulus of the others.
void read_multipliers(Cycle& cycle) {
    const Eigen::ArrayXd distances = (cycle.multipliers.array() - 1.0).abs();
    Index trivial = 0;
    cycle.trivial_error = distances.minCoeff(&trivial);
    cycle.largest = 0.0;
    for (Index i = 0; i < cycle.multipliers.size(); ++i)
        if (i != trivial) cycle.largest = std::max(cycle.largest, std::abs(cycle.multipliers[i]));
    cycle.stable = cycle.largest < 1.0 - std::max(cycle.trivial_error, tolerance);
}

std::string words_of(const Cycle& cycle) {
    std::ostringstream text;
    text << (cycle.stable ? "A stable cycle of " : "An unstable cycle of ")
         << cycle.itinerary.size() << " regions and period " << 1e3 * cycle.period << " ms; ";
    if (std::abs(cycle.largest - 1.0) <= std::max(cycle.trivial_error, tolerance))
        text << "a second multiplier lies on the unit circle, so that it is neither stable nor "
                "unstable to first order; ";
    if (cycle.trusted) {
        text << "the exact flow meets the same crossings and closes to " << cycle.closure;
    } else {
        text << "not trusted: residual " << cycle.residual << ", closure " << cycle.closure
             << ", the multiplier along the flow differs from 1 by " << cycle.trivial_error;
    }
    text << '.';
    return text.str();
}

/// Rounding may leave the dwell time of simultaneous crossings just below zero.
bool runs_forwards(const CyclePath& path) {
    return path.period() > 0.0 && path.dwell.minCoeff() > -1e-10 * path.period();
}

void describe_path(const CycleNewton& newton, Cycle& cycle) {
    const CyclePath& path = newton.path;
    cycle.itinerary = path.itinerary;
    cycle.dwell = path.dwell;
    cycle.period = path.period();
    cycle.states = path.states;
    cycle.residual = newton.defect.gap();
    cycle.surface_residual = newton.defect.surface();
    cycle.condition = newton.condition;
    cycle.steps = newton.steps;
    double time = 0.0;
    for (Index k = 0; k < path.regions(); ++k) {
        const Index unit = path.units[static_cast<std::size_t>(k)];
        time += path.dwell[k];
        const Support& support = path.itinerary[static_cast<std::size_t>(k)];
        cycle.crossings.push_back({time, unit, !std::ranges::binary_search(support, unit)});
    }
}

void judge(const ThresholdLinear& system, const CycleNewton& newton, const CycleOptions& options,
           Cycle& cycle) {
    const CycleFlow flow = follow_once(system, newton.path, options.flow);
    cycle.multipliers = eigenvalues(monodromy(newton.defect));
    read_multipliers(cycle);
    cycle.closure = flow.closure;
    cycle.margin = flow.margin;
    cycle.margin_unit = flow.margin_unit;
    if (!flow.followed) {
        cycle.outcome = CycleOutcome::other_itinerary;
        cycle.statement =
            "The equations of this itinerary are solved, but the true orbit crosses other "
            "thresholds: a virtual cycle.";
        return;
    }
    cycle.outcome = CycleOutcome::found;
    cycle.trusted = cycle.residual < tolerance && cycle.surface_residual < tolerance &&
                    cycle.closure < 1e-7 && cycle.trivial_error < trivial_tolerance;
    cycle.statement = words_of(cycle);
}

}  // namespace

double path_length(const ThresholdLinear& system, const CyclePath& path) {
    double fastest = 0.0;
    for (Index k = 0; k < path.regions(); ++k)
        fastest = std::max(fastest, velocity(system, path.states.col(k)).cwiseAbs().maxCoeff());
    return fastest / system.tau * std::abs(path.period());
}

Cycle no_cycle(CycleOutcome outcome, const VectorView& state, std::string statement) {
    constexpr double none = std::numeric_limits<double>::quiet_NaN();
    Cycle cycle{};
    cycle.outcome = outcome;
    cycle.states = state;
    cycle.residual = cycle.surface_residual = cycle.closure = cycle.trivial_error = none;
    cycle.largest = cycle.margin = cycle.condition = cycle.period = none;
    cycle.margin_unit = -1;
    cycle.statement = std::move(statement);
    return cycle;
}

Cycle cycle_of(const ThresholdLinear& system, const CycleNewton& newton,
               const CycleOptions& options) {
    Cycle cycle = no_cycle(CycleOutcome::not_converged, Vector(), "");
    describe_path(newton, cycle);
    if (!newton.converged) {
        std::ostringstream text;
        text << "Newton's method ended after " << newton.steps
             << " steps with the relative residual " << cycle.residual + cycle.surface_residual
             << ".";
        cycle.statement = text.str();
    } else if (path_length(system, newton.path) < 1e-7 * newton.defect.size) {
        cycle.outcome = CycleOutcome::fixed_point;
        cycle.statement = "Newton's method converged to a fixed point.";
    } else if (!runs_forwards(newton.path)) {
        cycle.outcome = CycleOutcome::other_itinerary;
        cycle.statement =
            "The equations of this itinerary are solved, but with a negative dwell time: a "
            "virtual cycle.";
    } else {
        judge(system, newton, options, cycle);
    }
    return cycle;
}

bool same_cycle(const Cycle& a, const Cycle& b, double tolerance) {
    if (std::abs(a.period - b.period) > tolerance * std::max(a.period, b.period)) return false;
    const double size = a.states.cwiseAbs().maxCoeff();
    for (Index k = 0; k < b.states.cols(); ++k)
        if ((a.states.col(0) - b.states.col(k)).cwiseAbs().maxCoeff() <= tolerance * size)
            return true;
    return false;
}

}  // namespace heddle
