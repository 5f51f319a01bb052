#include "rectified/fixed_point_branch.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "heddle/core/error.hpp"
#include "linalg/lu.hpp"
#include "rectified/region_step.hpp"

namespace heddle {
namespace {

constexpr int most_steps = 12;
constexpr double precise = 1e-12;

Vector region_value(const ThresholdLinear& system, const Support& support, const Vector& x) {
    const Vector y = system.inputs(support, Eigen::all) * x + system.bias(support);
    return system.linear * x + system.outputs(Eigen::all, support) * y + system.drive;
}

}  // namespace

FixedPointEquations::FixedPointEquations(const Family& family, const VectorView& initial,
                                         double from)
    : family_(family), low_(family.clamped(-std::numeric_limits<double>::max())) {
    const ThresholdLinear system = family.at(from);
    const double terms = std::max(system.units() > 0 ? system.bias.cwiseAbs().maxCoeff() : 0.0,
                                  system.drive.cwiseAbs().maxCoeff());
    size_ = std::max(initial.cwiseAbs().maxCoeff(), terms);
    if (!(size_ > 0.0)) size_ = 1.0;
}

Vector FixedPointEquations::value(const FixedPointState& state) const {
    return region_value(family_.at(parameter(state)), state.support, x(state)) / size_;
}

Matrix FixedPointEquations::derivative(const FixedPointState& state) const {
    const Index n = state.n();
    Matrix slopes(n, n + 1);
    slopes.leftCols(n) = region_matrix(family_.at(parameter(state)), state.support);
    slopes.col(n) = family_.slope(parameter(state), [&](const ThresholdLinear& system) {
        return (region_value(system, state.support, x(state)) / size_).eval();
    });
    return slopes;
}

double FixedPointEquations::input(const FixedPointState& state, Index unit) const {
    const ThresholdLinear system = family_.at(parameter(state));
    return (system.inputs.row(unit).dot(x(state)) + system.bias[unit]) / size_;
}

Vector FixedPointEquations::input_derivative(const FixedPointState& state, Index unit) const {
    const Index n = state.n();
    Vector slopes(n + 1);
    slopes.head(n) = family_.at(parameter(state)).inputs.row(unit).transpose();
    slopes[n] = family_.slope(parameter(state), [&](const ThresholdLinear& system) {
        return Vector::Constant(1,
                                (system.inputs.row(unit).dot(x(state)) + system.bias[unit]) / size_)
            .eval();
    })[0];
    return slopes;
}

template <class Further>
bool FixedPointEquations::solve(FixedPointState& state, Further further) const {
    const Index n = state.n();
    double before = std::numeric_limits<double>::infinity();
    for (int i = 0; i < most_steps; ++i) {
        Matrix rows(n + 1, n + 1);
        Vector right(n + 1);
        rows.topRows(n) = derivative(state);
        right.head(n) = -value(state);
        const auto [residual, slope] = further(state);
        rows.row(n) = slope.transpose();
        right[n] = -residual;
        const Lu lu(std::move(rows));
        if (!(lu.reciprocal_condition() > std::numeric_limits<double>::epsilon() * 1e-3))
            return false;
        const Vector step = lu.solve(right);
        if (!step.allFinite()) return false;
        state.u += step;
        const double length = step.cwiseAbs().maxCoeff() / std::max(1.0, state.u.head(n).norm());
        if (length < precise && (length == 0.0 || length > 0.1 * before || length < 1e-15))
            return true;
        before = length;
    }
    return before < 1e-10;
}

Vector FixedPointEquations::tangent_at(const FixedPointState& state, const Vector& previous) const {
    const Index n = state.n();
    for (const Vector& border : {previous, Vector(Vector::Unit(n + 1, n))}) {
        Matrix rows(n + 1, n + 1);
        rows.topRows(n) = derivative(state);
        rows.row(n) = border.transpose();
        const Lu lu(std::move(rows));
        if (!(lu.reciprocal_condition() > 1e-14)) continue;
        const Vector found = lu.solve(Vector::Unit(n + 1, n));
        return found.normalized() * (found.dot(previous) < 0.0 ? -1.0 : 1.0);
    }
    return previous;
}

FixedPointState FixedPointEquations::start(const VectorView& initial, double s,
                                           bool upwards) const {
    const Index n = initial.size();
    const ThresholdLinear system = family_.at(s);
    Vector x = initial;
    Support support = support_at(system, x);
    for (int i = 0; i < 100; ++i) {
        const Lu lu(region_matrix(system, support));
        if (!(lu.reciprocal_condition() > std::numeric_limits<double>::epsilon()))
            throw DomainError(
                "initial: found a region with singular A_σ, expected a state in the region of an "
                "isolated fixed point");
        x = lu.solve(-region_drive(system, support));
        const Support now = support_at(system, x);
        if (now == support) {
            FixedPointState state{Vector(n + 1), Vector::Unit(n + 1, n), support};
            state.u << x / size_, s / family_.width();
            if (!upwards) state.tangent = -state.tangent;
            state.tangent = tangent_at(state, state.tangent);
            return state;
        }
        support = now;
    }
    throw DomainError(
        "initial: found no fixed point from this state, expected one near it; fixed_points lists "
        "them all");
}

std::optional<FixedPointState> FixedPointEquations::corrected(const FixedPointState& from,
                                                              double length) const {
    FixedPointState next = from;
    next.u += length * from.tangent;
    const bool solved = solve(next, [&](const FixedPointState& state) {
        return std::pair{from.tangent.dot(state.u - from.u) - length, from.tangent};
    });
    if (!solved || !family_.contains(parameter(next))) return std::nullopt;
    next.tangent = tangent_at(next, from.tangent);
    if (next.tangent.dot(from.tangent) < 0.9) return std::nullopt;
    return next;
}

std::optional<FixedPointState> FixedPointEquations::at_parameter(const FixedPointState& from,
                                                                 double s) const {
    const Index n = from.n();
    const ThresholdLinear system = family_.at(s);
    const Lu lu(region_matrix(system, from.support));
    if (!(lu.reciprocal_condition() > std::numeric_limits<double>::epsilon())) return std::nullopt;
    FixedPointState state = from;
    state.u << lu.solve(-region_drive(system, from.support)) / size_, s / family_.width();
    state.tangent = tangent_at(state, from.tangent);
    return n == state.n() && state.u.allFinite() ? std::optional(state) : std::nullopt;
}

std::optional<FixedPointBorder> FixedPointEquations::first_border(const FixedPointState& from,
                                                                  const FixedPointState& to) const {
    const ThresholdLinear start = family_.at(parameter(from)), end = family_.at(parameter(to));
    const Vector before = unit_inputs(start, x(from)), after = unit_inputs(end, x(to));
    std::optional<FixedPointBorder> first;
    double progress = std::numeric_limits<double>::infinity();
    for (Index j = 0; j < after.size(); ++j) {
        const bool active = std::ranges::binary_search(from.support, j);
        if (active ? after[j] >= 0.0 : after[j] <= 0.0) continue;
        const double change = after[j] - before[j];
        const double part = change != 0.0 ? std::clamp(-before[j] / change, 0.0, 1.0) : 0.0;
        FixedPointState at = from;
        at.u += part * (to.u - from.u);
        const bool solved = solve(at, [&](const FixedPointState& state) {
            return std::pair{input(state, j), input_derivative(state, j)};
        });
        const double reached = (at.u - from.u).dot(to.u - from.u);
        if (!solved || reached >= progress) continue;
        progress = reached;
        at.tangent = from.tangent;
        first = FixedPointBorder{at, j};
    }
    return first;
}

FixedPointState FixedPointEquations::entered(const FixedPointState& at, Index unit) const {
    FixedPointState state = at;
    state.support = flipped(state.support, unit);
    state.tangent = tangent_at(state, at.tangent);
    const double inwards = input_derivative(state, unit).dot(state.tangent);
    const bool active = std::ranges::binary_search(state.support, unit);
    if ((inwards > 0.0) != active) state.tangent = -state.tangent;
    return state;
}

double FixedPointEquations::determinant_ratio(const ThresholdLinear& system, const Support& support,
                                              Index unit) {
    const Lu lu(region_matrix(system, support));
    const double sign = std::ranges::binary_search(support, unit) ? -1.0 : 1.0;
    return 1.0 + sign * system.inputs.row(unit).dot(lu.solve(system.outputs.col(unit)).col(0));
}

FixedPointBranch FixedPointEquations::collected(const std::vector<FixedPointState>& states) const {
    FixedPointBranch branch{};
    const auto count = static_cast<Index>(states.size());
    branch.parameters.resize(count);
    branch.points.resize(states.front().n(), count);
    for (Index k = 0; k < count; ++k) {
        const FixedPointState& state = states[static_cast<std::size_t>(k)];
        branch.parameters[k] = parameter(state);
        branch.points.col(k) = x(state);
        branch.supports.push_back(state.support);
    }
    return branch;
}

}  // namespace heddle
