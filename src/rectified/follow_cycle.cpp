#include <algorithm>
#include <cmath>
#include <sstream>

#include "heddle/core/error.hpp"
#include "linalg/checks.hpp"
#include "rectified/cycle_branch.hpp"
#include "rectified/cycle_evidence.hpp"
#include "rectified/cycle_trail.hpp"

namespace heddle {
namespace {

constexpr double smallest_step = 1e-8;
constexpr double too_long = 100.0;  // Times the first period.
constexpr double touching = 1e-9;   // Margin, off a border that was located.
constexpr double extreme = 1e5;     // Times the first size, or the inverse.
constexpr double beyond = 1e-4;     // How far behind a border the next itinerary is read.

class CycleFollower final {
  public:
    CycleFollower(const Family& family, CyclePoint point, const FollowOptions& options)
        : equations_(family, options.cycle),
          family_(family),
          options_(options),
          point_(std::move(point)),
          step_(0.25 * options.largest_step),
          first_period_(point_.cycle.period),
          first_extent_(path_length(family.at(point_.s), point_.path)) {
        record();
    }

    CycleBranch run(double from, double to, const Progress& progress);

  private:
    void record();
    void report(BranchEventKind kind, double parameter, Index unit, const std::string& text);
    void report_multipliers(const CyclePoint& before, double length);
    bool advance();
    void finish(double s);
    void cross(double length);
    [[nodiscard]] bool enter(const CyclePoint& inside, double s, double direction);
    void stop_where_it_ends();
    void lose(BranchEventKind kind, const std::string& why);

    CycleEquations equations_;
    const Family& family_;
    FollowOptions options_;
    CyclePoint point_;
    double step_, first_period_, first_extent_;
    CycleBranch branch_{};
    std::vector<double> parameters_;
    bool ended_ = false;
};

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

/// Where multipliers passed the unit circle, or the branch turned, on the way to `point_`.
void CycleFollower::report_multipliers(const CyclePoint& before, double length) {
    const bool turned = before.tangent.tail(1)[0] * point_.tangent.tail(1)[0] < 0.0;
    const Index old = unstable_multipliers(before.cycle);
    const Index now = unstable_multipliers(point_.cycle);
    if (!turned && old == now) return;
    const auto changed = [&](const CyclePoint& at) {
        return turned ? at.tangent.tail(1)[0] * before.tangent.tail(1)[0] < 0.0
                      : unstable_multipliers(at.cycle) != old;
    };
    double low = 0.0, high = length;
    CyclePoint at = point_;
    for (int i = 0; i < 40 && high - low > 1e-12 * length; ++i) {
        const double middle = 0.5 * (low + high);
        const std::optional<CyclePoint> next = equations_.corrected(before, middle);
        if (!next) break;
        (changed(*next) ? high : low) = middle;
        if (changed(*next)) at = *next;
    }
    const Complex critical = critical_multiplier(at.cycle);
    BranchEventKind kind = BranchEventKind::fold;
    if (!turned && std::abs(critical.imag()) > 1e-4) kind = BranchEventKind::torus;
    if (!turned && critical.real() < 0.0 && kind != BranchEventKind::torus)
        kind = BranchEventKind::period_doubling;
    std::ostringstream text;
    text << (turned ? "the branch turns back" : "the branch goes on") << "; multiplier "
         << critical.real();
    if (critical.imag() != 0.0) text << " ± " << std::abs(critical.imag()) << "i";
    text << ", unstable ones: " << old << " before, " << now << " after";
    branch_.events.push_back(
        {at.s, kind, -1, static_cast<Index>(branch_.cycles.size()) - 1, text.str()});
}

/// The cycle of another itinerary near the border at s, to be followed on in `direction`.
bool CycleFollower::enter(const CyclePoint& inside, double s, double direction) {
    if (!family_.contains(s)) return false;
    const ThresholdLinear system = family_.at(s);
    Cycle cycle = no_cycle(CycleOutcome::no_recurrence, Vector(), "");
    // The true orbit near an unstable cycle may be on the wrong side of it.
    if (const std::optional<CyclePath> rest = without_touches(inside.path))
        cycle =
            cycle_of(system, solve_cycle(system, *rest, options_.cycle.most_steps), options_.cycle);
    const auto words = true_words(system, inside.path, options_.cycle);
    if (cycle.outcome != CycleOutcome::found && !words.empty())
        cycle = refined(system, words.front(), options_.cycle);
    if (cycle.outcome != CycleOutcome::found) return false;
    const CyclePath path = path_of_cycle(cycle);
    const double size = inside.path.states.cwiseAbs().maxCoeff();
    const double distance = orbit_distance(inside.path, path) / size;
    // Nearby, and not the branch itself.
    if (distance > 0.1 || std::abs(path.period() / inside.path.period() - 1.0) > 0.1) return false;
    if (canonical_word(path.units) == canonical_word(inside.path.units)) return false;
    point_ = equations_.point(s, path, direction);
    return point_.cycle.outcome == CycleOutcome::found;
}

/// Somewhere within a step of this length the true orbit changes its itinerary.
void CycleFollower::cross(double length) {
    double low = 0.0, high = length;
    CyclePoint inside = point_;
    for (int i = 0; i < 44 && high - low > 1e-12; ++i) {
        const double middle = 0.5 * (low + high);
        const std::optional<CyclePoint> next = equations_.corrected(point_, middle);
        const bool holds = next && next->cycle.outcome == CycleOutcome::found;
        (holds ? low : high) = middle;
        if (holds) inside = *next;
    }
    const Index unit = colliding_unit(inside.cycle);
    const double at = inside.s;
    point_ = inside;
    record();
    // Where a dwell time vanishes the equations themselves turn back, so that the side is that from
    // which the border was reached.
    const double ahead = at < parameters_[parameters_.size() - 2] ? -1.0 : 1.0;
    for (const double reach : {beyond, 10.0 * beyond, 0.1 * beyond})
        for (const bool behind : {true, false}) {
            const double direction = behind ? ahead : -ahead;
            if (!enter(inside, at + direction * reach * family_.width(), direction)) continue;
            report(behind ? BranchEventKind::border_collision : BranchEventKind::nonsmooth_fold, at,
                   unit, collision_text(inside.cycle, point_.cycle, unit, behind));
            record();
            step_ = 0.25 * options_.largest_step;
            return;
        }
    report(BranchEventKind::border_collision, at, unit,
           "unit " + std::to_string(unit) + " reaches its threshold");
    lose(BranchEventKind::lost, "behind the threshold no cycle was found on either side");
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

}  // namespace

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
