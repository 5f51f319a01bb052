#include <algorithm>
#include <cmath>
#include <optional>
#include <sstream>

#include "heddle/core/error.hpp"
#include "heddle/linalg/eigenvalues.hpp"
#include "linalg/checks.hpp"
#include "linalg/lu.hpp"
#include "rectified/family.hpp"
#include "rectified/fixed_point_branch.hpp"
#include "rectified/region_step.hpp"

namespace heddle {
namespace {

constexpr double smallest_step = 1e-9;
constexpr double singular = 1e-12;  // Of the ratio of determinants.
constexpr double infinite = 1e7;    // Beside the size of the first point.

/// Rightmost real part of A_σ at s, and how many eigenvalues are not stable.
struct Stability {
    double abscissa;
    Index unstable;
    bool pair;  ///< The rightmost eigenvalue is complex.
};

Stability stability_of(const ThresholdLinear& system, const Support& support) {
    const ComplexVector values = eigenvalues(region_matrix(system, support));
    return {values.size() > 0 ? values[0].real() : 0.0, (values.real().array() > 0.0).count(),
            values.size() > 0 && values[0].imag() != 0.0};
}

class Follower final {
  public:
    Follower(const Family& family, const FixedPointEquations& equations, FixedPointState state,
             const FollowOptions& options)
        : family_(family), equations_(equations), state_(std::move(state)), options_(options) {
        step_ = 0.25 * options.largest_step;
        record();
    }

    FixedPointBranch run(double from, double to, const Progress& progress);

  private:
    void record();
    void report(BranchEventKind kind, double parameter, Index unit, const std::string& text);
    void report_stability(const FixedPointState& before, const Stability& old);
    bool advance();
    void finish_at_border();
    void cross(const FixedPointState& at, Index unit);
    [[nodiscard]] double size() const { return std::max(1.0, state_.u.head(state_.n()).norm()); }
    void lose(const std::string& why);

    const Family& family_;
    const FixedPointEquations& equations_;
    FixedPointState state_;
    FollowOptions options_;
    double step_;
    std::vector<FixedPointState> states_;
    std::vector<double> growth_, residuals_;
    Stability stability_{};
    std::vector<BranchEvent> events_;
    bool ended_ = false, complete_ = false;
    std::string why_;
};

void Follower::record() {
    const ThresholdLinear system = family_.at(equations_.parameter(state_));
    stability_ = stability_of(system, state_.support);
    const Vector x = equations_.x(state_);
    const double terms =
        std::max((system.linear.cwiseAbs() * x.cwiseAbs()).maxCoeff(), equations_.size());
    growth_.push_back(stability_.abscissa / system.tau);
    residuals_.push_back(velocity(system, x).cwiseAbs().maxCoeff() / terms);
    states_.push_back(state_);
}

void Follower::report(BranchEventKind kind, double parameter, Index unit, const std::string& text) {
    events_.push_back({parameter, kind, unit, static_cast<Index>(states_.size()), text});
}

void Follower::lose(const std::string& why) {
    ended_ = true;
    why_ = why;
}

/// A change in the number of unstable eigenvalues between two points of one region: A_σ depends on
/// s alone, so s is bisected.
void Follower::report_stability(const FixedPointState& before, const Stability& old) {
    if (before.support != state_.support || old.unstable == stability_.unstable) return;
    double a = equations_.parameter(before), b = equations_.parameter(state_);
    for (int i = 0; i < 52; ++i) {
        const double middle = 0.5 * (a + b);
        const bool same = stability_of(family_.at(middle), state_.support).unstable == old.unstable;
        (same ? a : b) = middle;
    }
    const bool pair =
        std::abs(old.unstable - stability_.unstable) == 2 && (old.pair || stability_.pair);
    std::ostringstream text;
    text << (pair ? "a complex pair of eigenvalues" : "a real eigenvalue")
         << " crosses the imaginary axis within the region; unstable eigenvalues: " << old.unstable
         << " before, " << stability_.unstable << " after";
    events_.push_back({b, pair ? BranchEventKind::hopf_like : BranchEventKind::zero_eigenvalue, -1,
                       static_cast<Index>(states_.size()) - 1, text.str()});
}

/// The region behind the threshold of `unit`, reached at `at`.
void Follower::cross(const FixedPointState& at, Index unit) {
    const double s = equations_.parameter(at);
    const ThresholdLinear system = family_.at(s);
    const Stability before = stability_of(system, state_.support);
    const double ratio = equations_.determinant_ratio(system, state_.support, unit);
    const double direction = state_.tangent[at.n()];
    state_ = equations_.entered(at, unit);
    const Stability after = stability_of(system, state_.support);
    BranchEventKind kind = BranchEventKind::persistence;
    std::ostringstream text;
    text << "unit " << unit
         << (std::ranges::binary_search(state_.support, unit) ? " becomes active"
                                                              : " falls silent");
    if (ratio < 0.0) {
        kind = BranchEventKind::nonsmooth_fold;
        text << ", and the branch turns back";
    } else if (std::abs(before.unstable - after.unstable) == 2 && (before.pair || after.pair)) {
        kind = BranchEventKind::hopf_like_collision;
        text << ", and a complex pair jumps across the imaginary axis";
    } else {
        text << ", and the branch goes on";
    }
    text << "; det A_σ' / det A_σ = " << ratio << ", unstable eigenvalues: " << before.unstable
         << " before, " << after.unstable << " after";
    if (std::abs(ratio) < singular || (direction * state_.tangent[at.n()] < 0.0) != (ratio < 0.0)) {
        kind = BranchEventKind::continuum;
        text << "; A_σ' is singular to working precision, and the branch runs on at one value of "
                "the parameter";
    }
    report(kind, s, unit, text.str());
    record();
}

/// The last point, where s leaves its range.
void Follower::finish_at_border() {
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
    const Stability old = stability_;
    state_ = *last;
    record();
    report_stability(before, old);
    complete_ = true;
}

/// One step, halved until it succeeds. False if none does.
bool Follower::advance() {
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
        const Stability old = stability_;
        state_ = *next;
        record();
        report_stability(before, old);
        step_ = std::min(1.5 * step_, options_.largest_step);
        return true;
    }
    return false;
}

FixedPointBranch Follower::run(double from, double to, const Progress& progress) {
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

}  // namespace

FixedPointBranch follow_fixed_point(const ThresholdFamily& family, const VectorView& initial,
                                    double from, double to, const FollowOptions& options,
                                    const Progress& progress) {
    check(options);
    const Family within(family, from, to);
    require_shape(initial, within.at(from).states(), 1, "initial");
    require_finite(initial, "initial");
    const FixedPointEquations equations(within, initial, from);
    Follower follower(within, equations, equations.start(initial, from, to > from), options);
    return follower.run(from, to, progress);
}

}  // namespace heddle
