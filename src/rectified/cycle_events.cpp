#include <algorithm>
#include <cmath>
#include <sstream>

#include "rectified/cycle_evidence.hpp"
#include "rectified/cycle_follower.hpp"
#include "rectified/cycle_trail.hpp"

namespace heddle {
namespace {

constexpr double beyond = 1e-4;  // How far behind a border the next itinerary is read.

}  // namespace

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

}  // namespace heddle
