#include <algorithm>
#include <cmath>
#include <sstream>

#include "heddle/core/error.hpp"
#include "linalg/checks.hpp"
#include "rectified/cycle_evidence.hpp"
#include "rectified/cycle_follower.hpp"
#include "rectified/cycle_trail.hpp"

namespace heddle {
namespace {

constexpr double smallest_step = 1e-8;
constexpr double too_long = 100.0;  // Times the first period.
constexpr double touching = 1e-9;   // Margin, off a border that was located.
constexpr double extreme = 1e5;     // Times the first size, or the inverse.

}  // namespace

void CycleFollower::record() {
    parameters_.push_back(point_.s);
    branch_.cycles.push_back(point_.cycle);
}

void CycleFollower::report(BranchEventKind kind, double parameter, Index unit,
                           const std::string& text) {
    branch_.events.push_back(
        {parameter, kind, unit, static_cast<Index>(branch_.cycles.size()), text});
}

void CycleFollower::lose(BranchEventKind kind, const std::string& why) {
    report(kind, point_.s, -1, why);
    branch_.statement = why;
    ended_ = true;
}

/// The last cycle, where s leaves its range.
void CycleFollower::finish(double s) {
    const CyclePoint last = equations_.point(s, point_.path, s - point_.s);
    if (last.cycle.outcome != CycleOutcome::found) {
        step_ *= 0.5;
        if (step_ < smallest_step) lose(BranchEventKind::lost, "no cycle at the end of the range");
        return;
    }
    point_ = last;
    record();
    branch_.complete = ended_ = true;
}

bool CycleFollower::advance() {
    for (; step_ > smallest_step; step_ *= 0.5) {
        const double ahead = point_.s + step_ * point_.tangent.tail(1)[0] * family_.width();
        if (!family_.contains(ahead)) {
            finish(family_.clamped(ahead));
            return true;
        }
        const std::optional<CyclePoint> next = equations_.corrected(point_, step_);
        if (!next) continue;
        if (next->cycle.outcome == CycleOutcome::fixed_point) continue;
        if (next->cycle.outcome != CycleOutcome::found) {
            cross(step_);
            return true;
        }
        const CyclePoint before = point_;
        const double length = step_;
        point_ = *next;
        record();
        report_multipliers(before, length);
        step_ = std::min(1.5 * step_, options_.largest_step);
        return true;
    }
    return false;
}

void CycleFollower::stop_where_it_ends() {
    const double size = path_length(family_.at(point_.s), point_.path);
    if (size < 1e-5 * point_.path.states.cwiseAbs().maxCoeff() || size * extreme < first_extent_)
        lose(BranchEventKind::collapse, "the cycle shrinks to a point");
    else if (size > extreme * first_extent_)
        lose(BranchEventKind::to_infinity, "the cycle grows without bound");
    else if (point_.cycle.margin < touching) {
        report(BranchEventKind::border_collision, point_.s, point_.cycle.margin_unit,
               "unit " + std::to_string(point_.cycle.margin_unit) + " only touches its threshold");
        lose(BranchEventKind::lost, "the equations of the cycle become singular at the threshold");
    } else if (point_.path.period() > too_long * first_period_)
        lose(BranchEventKind::long_period, "the period grows beyond 100 times the first");
}

CycleBranch CycleFollower::run(double from, double to, const Progress& progress) {
    const auto most = static_cast<std::size_t>(options_.most_points);
    while (!ended_ && branch_.cycles.size() < most) {
        if (progress) progress(branch_.cycles.size(), most);
        if (!advance())
            lose(BranchEventKind::lost, "Newton's method finds no further cycle");
        else if (!ended_)
            stop_where_it_ends();
    }
    branch_.parameters =
        Eigen::Map<const Vector>(parameters_.data(), static_cast<Index>(parameters_.size()));
    std::ostringstream text;
    text << branch_.cycles.size() << " cycles and " << branch_.events.size() << " events from "
         << from << " to " << point_.s << "; ";
    if (branch_.complete)
        text << "followed until the parameter left [" << std::min(from, to) << ", "
             << std::max(from, to) << "].";
    else
        text << "not followed to its end: "
             << (branch_.statement.empty() ? "the budget of points is spent" : branch_.statement)
             << '.';
    branch_.statement = text.str();
    return std::move(branch_);
}

CycleBranch follow_cycle(const ThresholdFamily& family, const Cycle& cycle, double from, double to,
                         const FollowOptions& options, const Progress& progress) {
    check(options);
    check(options.cycle);
    const Family within(family, from, to);
    if (cycle.outcome != CycleOutcome::found)
        throw DomainError(std::string("cycle: found the outcome '") + name_of(cycle.outcome) +
                          "', expected a cycle that was found");
    require_shape(cycle.states, within.at(from).states(),
                  static_cast<Index>(cycle.itinerary.size()), "cycle.states");
    const CycleEquations equations(within, options.cycle);
    CyclePoint start = equations.point(from, path_of_cycle(cycle), to - from);
    if (start.cycle.outcome != CycleOutcome::found)
        throw DomainError("cycle: it does not solve the equations of the network at s = " +
                          std::to_string(from) + "; expected a cycle of that network");
    CycleFollower follower(within, std::move(start), options);
    return follower.run(from, to, progress);
}

}  // namespace heddle
