#include <algorithm>
#include <cmath>
#include <optional>
#include <sstream>

#include "linalg/checks.hpp"
#include "rectified/fixed_point_follower.hpp"

namespace heddle {
namespace {

constexpr double smallest_step = 1e-9;
constexpr double infinite = 1e7;  // Beside the size of the first point.

}  // namespace

void FixedPointFollower::record() {
    const ThresholdLinear system = family_.at(equations_.parameter(state_));
    stability_ = stability_of(system, state_.support);
    const Vector x = equations_.x(state_);
    const double terms =
        std::max((system.linear.cwiseAbs() * x.cwiseAbs()).maxCoeff(), equations_.size());
    growth_.push_back(stability_.abscissa / system.tau);
    residuals_.push_back(velocity(system, x).cwiseAbs().maxCoeff() / terms);
    states_.push_back(state_);
}

void FixedPointFollower::report(BranchEventKind kind, double parameter, Index unit,
                                const std::string& text) {
    events_.push_back({parameter, kind, unit, static_cast<Index>(states_.size()), text});
}

void FixedPointFollower::lose(const std::string& why) {
    ended_ = true;
    why_ = why;
}

/// The last point, where s leaves its range.
void FixedPointFollower::finish_at_border() {
    const std::optional<FixedPointState> last = equations_.at_parameter(
        state_, state_.tangent[state_.n()] > 0.0 ? equations_.high() : equations_.low());
    ended_ = true;
    if (!last) {
        why_ = "no fixed point of the region at the end of the range";
        return;
    }
    const std::optional<FixedPointBorder> border = equations_.first_border(state_, *last);
    if (border) {
        ended_ = false;
        cross(border->at, border->unit);
        return;
    }
    const FixedPointState before = state_;
    const PointStability old = stability_;
    state_ = *last;
    record();
    report_stability(before, old);
    complete_ = true;
}

/// One step, halved until it succeeds. False if none does.
bool FixedPointFollower::advance() {
    for (; step_ > smallest_step; step_ *= 0.5) {
        const double length = step_ * size();
        const double ahead =
            equations_.parameter(state_) + length * state_.tangent[state_.n()] * family_.width();
        if (!family_.contains(ahead)) {
            finish_at_border();
            return true;
        }
        const std::optional<FixedPointState> next = equations_.corrected(state_, length);
        if (!next) continue;
        const std::optional<FixedPointBorder> border = equations_.first_border(state_, *next);
        if (border) {
            cross(border->at, border->unit);
            return true;
        }
        const FixedPointState before = state_;
        const PointStability old = stability_;
        state_ = *next;
        record();
        report_stability(before, old);
        step_ = std::min(1.5 * step_, options_.largest_step);
        return true;
    }
    return false;
}

FixedPointBranch FixedPointFollower::run(double from, double to, const Progress& progress) {
    const auto most = static_cast<std::size_t>(options_.most_points);
    Index vertical = 0;
    while (!ended_ && states_.size() < most) {
        if (progress) progress(states_.size(), most);
        vertical = std::abs(state_.tangent[state_.n()]) < 1e-9 ? vertical + 1 : 0;
        const bool known = !events_.empty() && events_.back().kind == BranchEventKind::continuum;
        if (vertical == 1 && !known)
            report(BranchEventKind::continuum, equations_.parameter(state_), -1,
                   "the branch runs at one value of the parameter: a continuum of fixed points");
        if (!advance()) {
            report(BranchEventKind::lost, equations_.parameter(state_), -1, "no step converges");
            lose("Newton's method finds no further point");
        } else if (size() > infinite) {
            report(BranchEventKind::to_infinity, equations_.parameter(state_), -1,
                   "the branch grows without bound, where A_σ becomes singular");
            lose("it leaves to infinity");
        }
    }
    FixedPointBranch branch = equations_.collected(states_);
    branch.growth = Eigen::Map<const Vector>(growth_.data(), static_cast<Index>(growth_.size()));
    branch.residuals =
        Eigen::Map<const Vector>(residuals_.data(), static_cast<Index>(residuals_.size()));
    branch.events = events_;
    branch.complete = complete_;
    std::ostringstream text;
    text << states_.size() << " points and " << events_.size() << " events from " << from << " to "
         << equations_.parameter(states_.back()) << "; ";
    if (complete_)
        text << "followed until the parameter left [" << std::min(from, to) << ", "
             << std::max(from, to) << "].";
    else
        text << "not followed to its end: "
             << (why_.empty() ? "the budget of points is spent" : why_) << '.';
    branch.statement = text.str();
    return branch;
}

FixedPointBranch follow_fixed_point(const ThresholdFamily& family, const VectorView& initial,
                                    double from, double to, const FollowOptions& options,
                                    const Progress& progress) {
    check(options);
    const Family within(family, from, to);
    require_shape(initial, within.at(from).states(), 1, "initial");
    require_finite(initial, "initial");
    const FixedPointEquations equations(within, initial, from);
    FixedPointFollower follower(within, equations, equations.start(initial, from, to > from),
                                options);
    return follower.run(from, to, progress);
}

}  // namespace heddle
