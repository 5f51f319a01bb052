#include "rectified/family.hpp"

#include <cmath>

#include "heddle/core/error.hpp"
#include "linalg/checks.hpp"

namespace heddle {

Family::Family(const ThresholdFamily& family, double from, double to)
    : family_(family), low_(std::min(from, to)), high_(std::max(from, to)), states_(-1) {
    if (!std::isfinite(from) || !std::isfinite(to) || from == to)
        throw DomainError("to: found " + std::to_string(to) + " where from is " +
                          std::to_string(from) + ", expected two different finite numbers");
    const ThresholdLinear system = at(from);
    states_ = system.states();
    units_ = system.units();
}

ThresholdLinear Family::at(double s) const {
    ThresholdLinear system = family_(clamped(s));
    validate(system);
    if (states_ >= 0 && (system.states() != states_ || system.units() != units_))
        throw DomainError("family: found " + std::to_string(system.states()) + " states and " +
                          std::to_string(system.units()) + " units at " + std::to_string(s) +
                          ", expected " + std::to_string(states_) + " and " +
                          std::to_string(units_) + " as at the start");
    return system;
}

void check(const FollowOptions& options) {
    if (options.most_points < 2)
        throw DomainError("most_points: found " + std::to_string(options.most_points) +
                          ", expected 2 or more");
    if (!(options.largest_step > 0.0 && options.largest_step <= 1.0))
        throw DomainError("largest_step: found " + std::to_string(options.largest_step) +
                          ", expected above 0, 1 at most");
}

ThresholdFamily straight_line(const ThresholdLinear& start, const ThresholdLinear& end) {
    validate(start);
    validate(end);
    require_shape(end.linear, start.states(), start.states(), "end");
    require_shape(end.inputs, start.units(), start.states(), "end");
    return [start, end](double s) {
        const auto between = [s](const auto& a, const auto& b) {
            return ((1.0 - s) * a + s * b).eval();
        };
        return ThresholdLinear{
            between(start.linear, end.linear), between(start.outputs, end.outputs),
            between(start.inputs, end.inputs), between(start.bias, end.bias),
            between(start.drive, end.drive),   (1.0 - s) * start.tau + s * end.tau};
    };
}

const char* name_of(BranchEventKind kind) {
    switch (kind) {
        case BranchEventKind::persistence:
            return "persistence";
        case BranchEventKind::nonsmooth_fold:
            return "nonsmooth fold";
        case BranchEventKind::hopf_like_collision:
            return "Hopf-like border collision";
        case BranchEventKind::hopf_like:
            return "Hopf-like";
        case BranchEventKind::zero_eigenvalue:
            return "zero eigenvalue";
        case BranchEventKind::to_infinity:
            return "to infinity";
        case BranchEventKind::continuum:
            return "continuum";
        case BranchEventKind::fold:
            return "fold";
        case BranchEventKind::period_doubling:
            return "period doubling";
        case BranchEventKind::torus:
            return "torus";
        case BranchEventKind::border_collision:
            return "border collision";
        case BranchEventKind::collapse:
            return "collapse";
        case BranchEventKind::long_period:
            return "long period";
        case BranchEventKind::lost:
            break;
    }
    return "lost";
}

}  // namespace heddle
