#include "rectified/cycle_branch.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <sstream>

#include "heddle/core/error.hpp"
#include "linalg/lu.hpp"
#include "rectified/cycle_evidence.hpp"
#include "rectified/cycle_returns.hpp"

namespace heddle {
namespace {

constexpr Index most_corrections = 12;
constexpr double rounding = 1e-10;

/// Gaps and surfaces side by side, shape (n + 1, p).
Matrix defects(const ThresholdLinear& system, const CyclePath& path) {
    const CycleDefect defect = cycle_defect(system, path);
    Matrix all(system.states() + 1, path.regions());
    all << defect.gaps, defect.surfaces.transpose();
    return all;
}

/// Index of the multiplier along the flow.
Index trivial(const Cycle& cycle) {
    Index at = 0;
    (cycle.multipliers.array() - 1.0).abs().minCoeff(&at);
    return at;
}

}  // namespace

CyclePath path_of_cycle(const Cycle& cycle) {
    CyclePath path{cycle.itinerary, {}, cycle.dwell, cycle.states};
    for (const Crossing& crossing : cycle.crossings) path.units.push_back(crossing.unit);
    return path;
}

CycleEquations::Rows CycleEquations::rows_at(double s, const CyclePath& path) const {
    const ThresholdLinear system = family_.at(s);
    const Index n = system.states();
    const Matrix along =
        family_.slope(s, [&](const ThresholdLinear& nearby) { return defects(nearby, path); });
    Rows made{cycle_defect(system, path), along.topRows(n), along.row(n).transpose(), {}};
    made.rows = cycle_rows(system, path, made.defect, made.gaps_along, made.surfaces_along);
    return made;
}

Vector CycleEquations::tangent_at(double s, const CyclePath& path, const Vector& previous) const {
    Matrix rows = rows_at(s, path).rows.matrix;
    const Index count = rows.cols();
    rows.conservativeResize(count, count);
    for (const Vector& border : {previous, Vector(Vector::Unit(count, count - 1))}) {
        rows.row(count - 1) = border.transpose();
        const Lu lu(rows);
        if (!(lu.reciprocal_condition() > 1e-15)) continue;
        const Vector found = lu.solve(Vector::Unit(count, count - 1));
        return found.normalized() * (found.dot(previous) < 0.0 ? -1.0 : 1.0);
    }
    return previous;
}

CyclePoint CycleEquations::point(double s, const CyclePath& guess, double direction) const {
    const ThresholdLinear system = family_.at(s);
    const CycleNewton newton = solve_cycle(system, guess, options_.most_steps);
    CyclePoint made{s, newton.path, cycle_of(system, newton, options_), {}};
    const Index count = system.states() + guess.regions() + 1;
    made.tangent =
        tangent_at(s, made.path, Vector::Unit(count, count - 1) * (direction < 0.0 ? -1.0 : 1.0));
    return made;
}

std::optional<CyclePoint> CycleEquations::corrected(const CyclePoint& from, double length) const {
    const Index n = from.path.states.rows();
    const Index p = from.path.regions();
    const double along = from.tangent[n + p];
    const Rows first = rows_at(from.s, from.path);
    CyclePoint next = from;
    next.path = stepped(family_.at(from.s), from.path, first.defect, from.tangent, length,
                        first.gaps_along, along);
    next.s += length * along * family_.width();
    CycleNewton newton{next.path, {}, 0.0, 0, false};
    try {
        double before = std::numeric_limits<double>::infinity();
        for (; newton.steps < most_corrections; ++newton.steps) {
            if (!family_.contains(next.s)) return std::nullopt;
            Rows at = rows_at(next.s, next.path);
            const double total = at.defect.total();
            if (!std::isfinite(total) || total > 2.0 * std::max(before, 1e-2)) return std::nullopt;
            newton.converged = total < rounding && total > 0.1 * before;
            newton.converged = newton.converged || total < 1e-15;
            newton.defect = at.defect;
            if (newton.converged) break;
            before = total;
            Matrix rows = at.rows.matrix;
            rows.conservativeResize(n + p + 1, n + p + 1);
            rows.row(n + p) = from.tangent.transpose();
            Vector right(n + p + 1);
            right << at.rows.value, 0.0;
            const Lu lu(std::move(rows));
            newton.condition = 1.0 / lu.reciprocal_condition();
            if (!std::isfinite(newton.condition)) return std::nullopt;
            const Vector step = lu.solve(right);
            next.path = stepped(family_.at(next.s), next.path, at.defect, step, 1.0, at.gaps_along,
                                step[n + p]);
            next.s += step[n + p] * family_.width();
        }
        if (!newton.converged) return std::nullopt;
        newton.path = next.path;
        next.cycle = cycle_of(family_.at(next.s), newton, options_);
        next.tangent = tangent_at(next.s, next.path, from.tangent);
    } catch (const DomainError&) {  // An exponential overflows: the step was too long.
        return std::nullopt;
    }
    if (next.tangent.dot(from.tangent) < 0.9) return std::nullopt;
    return next;
}

Index unstable_multipliers(const Cycle& cycle) {
    const Index along = trivial(cycle);
    Index count = 0;
    for (Index i = 0; i < cycle.multipliers.size(); ++i)
        if (i != along && std::abs(cycle.multipliers[i]) > 1.0) ++count;
    return count;
}

Complex critical_multiplier(const Cycle& cycle) {
    const Index along = trivial(cycle);
    Complex nearest = 0.0;
    for (Index i = 0; i < cycle.multipliers.size(); ++i)
        if (i != along &&
            std::abs(std::abs(cycle.multipliers[i]) - 1.0) < std::abs(std::abs(nearest) - 1.0))
            nearest = cycle.multipliers[i];
    return nearest;
}

Index colliding_unit(const Cycle& cycle) {
    Index shortest = 0;
    const double dwell = cycle.dwell.minCoeff(&shortest) / cycle.period;
    // A dwell time that vanishes like √ε goes with a margin of ε.
    if (dwell * dwell < cycle.margin || cycle.margin_unit < 0)
        return cycle.crossings[static_cast<std::size_t>(shortest)].unit;
    return cycle.margin_unit;
}

double orbit_distance(const CyclePath& a, const CyclePath& b) {
    const CyclePath& few = a.regions() < b.regions() ? a : b;
    const CyclePath& many = a.regions() < b.regions() ? b : a;
    double largest = 0.0;
    for (Index k = 0; k < few.regions(); ++k)
        largest = std::max(largest, (many.states.colwise() - few.states.col(k))
                                        .colwise()
                                        .lpNorm<Eigen::Infinity>()
                                        .minCoeff());
    return largest;
}

std::optional<CyclePath> without_touches(CyclePath path) {
    constexpr double at_once = 1e-4;  // Of the period; at a border it is some √ε.
    bool changed = false;
    for (Index k = 0; k < path.regions() && path.regions() >= 4; ++k) {
        const Index p = path.regions();
        const auto at = [&](Index i) { return static_cast<std::size_t>((i + p) % p); };
        if (path.dwell[k] > at_once * path.period()) continue;
        if (path.units[at(k - 1)] != path.units[at(k)]) continue;
        CyclePath rest{{}, {}, Vector(p - 2), Matrix(path.states.rows(), p - 2)};
        for (Index i = 0; i < p - 2; ++i) {  // From the region before on, which takes in two more.
            const std::size_t from = at(k - 1 + (i == 0 ? 0 : i + 2));
            rest.itinerary.push_back(path.itinerary[from]);
            rest.units.push_back(path.units[at(k + 1 + i)]);
            rest.dwell[i] = path.dwell[static_cast<Index>(from)];
            rest.states.col(i) = path.states.col(static_cast<Index>(from));
        }
        rest.dwell[0] += path.dwell[k] + path.dwell[static_cast<Index>(at(k + 1))];
        path = std::move(rest);
        changed = true;
        k = -1;
    }
    return changed ? std::optional(path) : std::nullopt;
}

std::vector<Index> canonical_word(const std::vector<Index>& units) {
    return canonical_rotation(units);
}

std::string collision_text(const Cycle& before, const Cycle& after, Index unit, bool behind) {
    std::ostringstream text;
    text << "unit " << unit << " reaches its threshold: " << before.itinerary.size()
         << " regions before, " << after.itinerary.size() << " after; "
         << (behind ? "the cycle persists" : "two cycles meet, and the branch turns back")
         << "; largest multiplier " << before.largest << " before, " << after.largest << " after";
    return text.str();
}

}  // namespace heddle
