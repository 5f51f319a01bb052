#include "rectified/cycle_equations.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "heddle/core/error.hpp"
#include "linalg/lu.hpp"

namespace heddle {
namespace {

double positive(double value) {
    return value > 0.0 ? value : 1.0;
}

/// τ ẋ / τ at the end of region k.
Vector end_velocity(const ThresholdLinear& system, const CyclePath& path, const CycleDefect& defect,
                    Index k) {
    const RegionStep& map = defect.maps[static_cast<std::size_t>(k)];
    const Support& support = path.itinerary[static_cast<std::size_t>(k)];
    const Vector end = map.propagator * path.states.col(k) + map.drift;
    const Vector inputs = system.inputs(support, Eigen::all) * end + system.bias(support);
    return (system.linear * end + system.outputs(Eigen::all, support) * inputs + system.drive) /
           system.tau;
}

Index unit_of(const CyclePath& path, Index k) {
    return path.units[static_cast<std::size_t>(k)];
}

constexpr double least_fraction = 1.0 / 32.0;
constexpr Index patience = 8;         // Steps after which the defect shall be a tenth of the first.
constexpr double longest_step = 0.5;  // Of dwell times, relative to the period.

/// How much of a step is taken, so that no dwell time changes by more than half the period.
double first_fraction(const Vector& step, Index n, Index p) {
    const double largest = step.segment(n, p).cwiseAbs().maxCoeff();
    return largest > longest_step ? longest_step / largest : 1.0;
}

}  // namespace

CycleDefect cycle_defect(const ThresholdLinear& system, const CyclePath& path) {
    const Index n = system.states();
    const Index p = path.regions();
    CycleDefect defect{
        {}, Matrix(n, p), Vector(p), positive(path.states.cwiseAbs().maxCoeff()), 0.0};
    for (Index k = 0; k < p; ++k) {
        const Index next = (k + 1) % p;
        defect.maps.push_back(
            region_step(system, path.itinerary[static_cast<std::size_t>(k)], path.dwell[k]));
        const RegionStep& map = defect.maps.back();
        defect.gaps.col(k) =
            map.propagator * path.states.col(k) + map.drift - path.states.col(next);
        const Index unit = unit_of(path, k);
        defect.surfaces[k] = system.inputs.row(unit).dot(path.states.col(next)) + system.bias[unit];
    }
    // Of what inputs might be, since those of the units that cross are 0.
    defect.input = positive(system.inputs.cwiseAbs().rowwise().sum().maxCoeff() * defect.size +
                            system.bias.cwiseAbs().maxCoeff());
    return defect;
}

CycleRows cycle_rows(const ThresholdLinear& system, const CyclePath& path,
                     const CycleDefect& defect, const Matrix& gaps_along,
                     const Vector& surfaces_along) {
    const Index n = system.states();
    const Index p = path.regions();
    const Index further = gaps_along.cols() > 0 ? 1 : 0;
    const double period = positive(std::abs(path.period()));
    CycleRows rows{Matrix::Zero(n + p, n + p + further), Vector(n + p)};
    // dx_k / size = M z + m for the unknowns z.
    Matrix M = Matrix::Zero(n, n + p + further);
    M.leftCols(n).setIdentity();
    Vector m = Vector::Zero(n);
    for (Index k = 0; k < p; ++k) {
        M = (defect.maps[static_cast<std::size_t>(k)].propagator * M).eval();
        m = (defect.maps[static_cast<std::size_t>(k)].propagator * m).eval() +
            defect.gaps.col(k) / defect.size;
        M.col(n + k) += end_velocity(system, path, defect, k) * (period / defect.size);
        if (further > 0) M.col(n + p) += gaps_along.col(k) / defect.size;
        if (k + 1 == p) break;
        const auto normal = system.inputs.row(unit_of(path, k)) * (defect.size / defect.input);
        rows.matrix.row(n + k) = normal * M;
        rows.value[n + k] = -defect.surfaces[k] / defect.input - normal.dot(m);
    }
    rows.matrix.topRows(n) = M;
    rows.matrix.topLeftCorner(n, n) -= Matrix::Identity(n, n);
    rows.value.head(n) = -m;
    rows.matrix.row(n + p - 1).head(n) =
        system.inputs.row(unit_of(path, p - 1)) * (defect.size / defect.input);
    rows.value[n + p - 1] = -defect.surfaces[p - 1] / defect.input;
    if (further > 0) rows.matrix.col(n + p).tail(p) += surfaces_along / defect.input;
    return rows;
}

CyclePath stepped(const ThresholdLinear& system, const CyclePath& path, const CycleDefect& defect,
                  const Vector& step, double fraction, const Matrix& gaps_along, double further) {
    const Index n = system.states();
    const Index p = path.regions();
    CyclePath next = path;
    const Vector dt = step.segment(n, p) * positive(std::abs(path.period()));
    Vector dx = step.head(n) * defect.size;
    next.dwell += fraction * dt;
    for (Index k = 0; k < p; ++k) {
        next.states.col(k) += fraction * dx;
        dx = (defect.maps[static_cast<std::size_t>(k)].propagator * dx).eval() +
             end_velocity(system, path, defect, k) * dt[k] + defect.gaps.col(k);
        if (gaps_along.cols() > 0) dx += gaps_along.col(k) * further;
    }
    return next;
}

Matrix monodromy(const CycleDefect& defect) {
    Matrix product = defect.maps.front().propagator;
    for (std::size_t k = 1; k < defect.maps.size(); ++k)
        product = (defect.maps[k].propagator * product).eval();
    return product;
}

namespace {

/// The next iterate: the whole step or a part of it that lessens the defect. False if none does.
bool advance(const ThresholdLinear& system, CycleNewton& newton, const Vector& step) {
    const double before = newton.defect.total();
    double part = first_fraction(step, system.states(), newton.path.regions());
    for (; part > least_fraction; part *= 0.5) {
        CyclePath next = stepped(system, newton.path, newton.defect, step, part);
        CycleDefect defect = cycle_defect(system, next);
        if (!(defect.total() < (1.0 - 0.25 * part) * before)) continue;
        newton.path = std::move(next);
        newton.defect = std::move(defect);
        return true;
    }
    return false;
}

void iterate(const ThresholdLinear& system, CycleNewton& newton, Index most_steps) {
    constexpr double only_rounding = 1e-10;
    newton.defect = cycle_defect(system, newton.path);
    const double first = newton.defect.total();
    while (newton.steps < most_steps && std::isfinite(newton.defect.total())) {
        CycleRows rows = cycle_rows(system, newton.path, newton.defect);
        const Lu lu(std::move(rows.matrix));
        const double reciprocal = lu.reciprocal_condition();
        newton.condition = 1.0 / reciprocal;
        if (!(reciprocal > std::numeric_limits<double>::min())) return;
        const Vector step = lu.solve(rows.value);
        if (!step.allFinite()) return;
        ++newton.steps;
        if (newton.steps > patience && newton.defect.total() > 0.1 * first) return;
        if (advance(system, newton, step)) continue;
        newton.converged = newton.defect.total() < only_rounding;
        return;
    }
    newton.converged = newton.defect.total() < only_rounding;
}

}  // namespace

CycleNewton solve_cycle(const ThresholdLinear& system, CyclePath path, Index most_steps) {
    CycleNewton newton{std::move(path), {}, std::numeric_limits<double>::infinity(), 0, false};
    try {
        iterate(system, newton, most_steps);
    } catch (const DomainError&) {  // An exponential overflows: the step went far astray.
        newton.converged = false;
    }
    return newton;
}

}  // namespace heddle
