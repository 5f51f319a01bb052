#include "loops/bounded_inputs.hpp"

#include <algorithm>
#include <cmath>

#include "heddle/core/error.hpp"
#include "heddle/linalg/solve.hpp"

namespace heddle {
namespace {

constexpr int most_steps = 60;
constexpr double weakest = 1e-13;  // ρ, where columns of X have length 1.
constexpr double nearest = 1e-8;   // ρ at which the nearest of impossible weights are taken.

/// One loop's problem: columns of X scaled to length 1, and g with them.
struct Column {
    const Matrix& x;
    Vector g, lower, upper;

    [[nodiscard]] Vector projected(const Vector& drive) const {
        return drive.cwiseMax(lower).cwiseMin(upper);
    }
    [[nodiscard]] std::vector<Index> inside(const Vector& drive) const {
        std::vector<Index> free;
        for (Index i = 0; i < drive.size(); ++i)
            if (drive(i) > lower(i) && drive(i) < upper(i)) free.push_back(i);
        return free;
    }
    /// The dual, −½ |P(X y)|² − ½ ρ |y|² + gᵀ y for bounds that are cones, with its sign turned.
    [[nodiscard]] double dual(const Vector& y, const Vector& v, double rho) const {
        return 0.5 * v.squaredNorm() + 0.5 * rho * y.squaredNorm() - g.dot(y);
    }
};

/// y at which Xᵀ P(X y) + ρ y = g, from a start.
Vector solve_dual(const Column& column, Vector y, double rho) {
    Vector drive = column.x * y, v = column.projected(drive);
    double value = column.dual(y, v, rho);
    for (int step = 0; step < most_steps; ++step) {
        const Vector slope = column.x.transpose() * v + rho * y - column.g;
        if (slope.norm() <= 1e-14 * column.g.norm()) break;
        const Matrix free = column.x(column.inside(drive), Eigen::all);
        Matrix curvature = free.transpose() * free;
        curvature.diagonal().array() += std::max(rho, weakest);
        const Vector move = -solve(curvature, slope);
        const double descent = slope.dot(move);
        double length = 1.0, next = 0.0;
        Vector to;
        for (; length > 1e-12; length *= 0.5) {
            to = y + length * move;
            drive = column.x * to;
            v = column.projected(drive);
            next = column.dual(to, v, rho);
            if (next <= value + 1e-4 * length * descent) break;
        }
        if (length <= 1e-12 || (to - y).norm() <= 1e-15 * to.norm()) break;
        y = to;
        value = next;
    }
    return y;
}

/// The exact solution on the weights that y leaves free, if it obeys the bounds.
struct Exact {
    Vector v;
    double condition;
    bool holds;
};

Exact exact_on(const Column& column, const Vector& y) {
    const Vector drive = column.x * y;
    const std::vector<Index> free = column.inside(drive);
    Exact exact{Vector::Zero(drive.size()), std::numeric_limits<double>::infinity(), false};
    if (static_cast<Index>(free.size()) < column.x.cols()) return exact;
    try {
        const LeastNorm least = least_norm(column.x(free, Eigen::all), column.g.transpose());
        exact.v(free) = least.v.transpose();
        exact.condition = least.condition;
    } catch (const DomainError&) {
        return exact;
    }
    const double slack = 1e-10 * exact.v.cwiseAbs().maxCoeff();
    exact.holds = (exact.v.array() >= column.lower.array() - slack).all() &&
                  (exact.v.array() <= column.upper.array() + slack).all();
    exact.v = column.projected(exact.v);
    return exact;
}

struct ColumnInputs {
    Vector v;
    double condition;
    bool feasible;
    double needed;
};

/// v of |v| = `limit`, by the ρ that gives it.
Vector limited(const Column& column, double limit) {
    double low = std::log(weakest), high = std::log(1e8);
    Vector y = Vector::Zero(column.x.cols()), v;
    for (int halving = 0; halving < 60; ++halving) {
        const double rho = std::exp(0.5 * (low + high));
        y = solve_dual(column, y, rho);
        v = column.projected(column.x * y);
        (v.norm() > limit ? low : high) = std::log(rho);
        if (std::abs(v.norm() - limit) <= 1e-9 * limit) break;
    }
    return v.norm() > limit ? Vector(v * (limit / v.norm())) : v;
}

ColumnInputs solve_column(const Column& column, double limit) {
    if (column.g.isZero(0.0)) return {Vector::Zero(column.x.rows()), 1.0, true, 0.0};
    Vector y = Vector::Zero(column.x.cols());
    ColumnInputs result{{},
                        std::numeric_limits<double>::infinity(),
                        false,
                        std::numeric_limits<double>::quiet_NaN()};
    for (double rho = 1e-2; rho >= weakest && !result.feasible; rho *= 1e-1) {
        y = solve_dual(column, y, rho);
        if (rho > 0.9 * nearest) result.v = column.projected(column.x * y);
        Exact exact = exact_on(column, y);
        if (!exact.holds) continue;
        result = {std::move(exact.v), exact.condition, true, 0.0};
        result.needed = result.v.norm();
    }
    if (result.v.norm() <= limit) return result;
    result.v = limited(column, limit);
    result.feasible = false;
    return result;
}

}  // namespace

BoundedInputs bounded_inputs(const MatrixView& x, const MatrixView& g, const WeightBounds& bounds,
                             const Vector& limits) {
    const Index n = x.rows(), k = g.rows();
    constexpr double infinity = std::numeric_limits<double>::infinity();
    if (bounds.empty()) {
        LeastNorm least = least_norm(x, g);
        if ((least.v.rowwise().norm().array() <= limits.array()).all())
            return {least.v.transpose(), least.condition, true, -1, 0.0};
    }
    const Vector scale = x.colwise().norm().cwiseInverse();
    const Matrix scaled = x * scale.asDiagonal();
    BoundedInputs result{Matrix(n, k), 0.0, true, -1, 0.0};
    double worst = -1.0;
    for (Index c = 0; c < k; ++c) {
        const Column column{
            scaled, g.row(c).transpose().cwiseProduct(scale),
            bounds.empty() ? Vector::Constant(n, -infinity) : Vector(bounds.lower.col(c)),
            bounds.empty() ? Vector::Constant(n, infinity) : Vector(bounds.upper.col(c))};
        const ColumnInputs inputs = solve_column(column, limits(c));
        result.v.col(c) = inputs.v;
        result.condition = std::max(result.condition, inputs.condition);
        if (inputs.feasible) continue;
        result.feasible = false;
        const double miss = (scaled.transpose() * inputs.v - column.g).norm();
        if (miss <= worst) continue;
        worst = miss;
        result.obstacle = c;
        result.needed = inputs.needed;
    }
    return result;
}

}  // namespace heddle
