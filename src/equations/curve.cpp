#include "equations/curve.hpp"

#include <algorithm>
#include <cmath>

#include "heddle/core/error.hpp"
#include "heddle/linalg/solve.hpp"

namespace heddle {
namespace {

Matrix bordered(const Matrix& slope, const Vector& direction) {
    Matrix square(slope.cols(), slope.cols());
    square.topRows(slope.rows()) = slope;
    square.bottomRows(1) = direction.transpose();
    return square;
}

std::optional<Vector> solved(const Matrix& a, const Vector& b) {
    try {
        Vector x = solve(a, b);
        if (x.allFinite()) return x;
    } catch (const DomainError&) {
        // Singular: no direction to go.
    }
    return std::nullopt;
}

}  // namespace

std::optional<CurvePoint> correct(const CurveEquations& equations, const Vector& guess,
                                  const Vector& direction) {
    Vector y = guess;
    double before = INFINITY;
    for (int iteration = 0; iteration < 12; ++iteration) {
        const Vector f = equations.residual(y);
        if (!f.allFinite()) return std::nullopt;
        const Matrix square = bordered(equations.slope(y), direction);
        Vector right(y.size());
        right << -f, -direction.dot(y - guess);
        const auto step = solved(square, right);
        if (!step) return std::nullopt;
        const double size = step->norm();
        if (iteration > 2 && size > 0.9 * before && size > 1e-9) return std::nullopt;
        y += *step;
        before = size;
        if (size > 1e-12 * (1.0 + y.norm())) continue;
        const auto tangent =
            solved(bordered(equations.slope(y), direction), Vector::Unit(y.size(), y.size() - 1));
        if (!tangent) return std::nullopt;
        return CurvePoint{y, tangent->normalized()};
    }
    return std::nullopt;
}

std::optional<CurvePoint> advance(const CurveEquations& equations, const CurvePoint& from,
                                  double& step, double longest) {
    constexpr double least = 1e-7;
    const double largest_turn = std::cos(20.0 / 180.0 * M_PI);
    for (; step > least; step *= 0.5) {
        auto next = correct(equations, from.y + step * from.tangent, from.tangent);
        if (!next) continue;
        const double turn = next->tangent.dot(from.tangent);
        if (turn < largest_turn || (next->y - from.y).norm() > 2.0 * step) continue;
        if (turn > std::cos(5.0 / 180.0 * M_PI)) step = std::min(1.5 * step, longest);
        return next;
    }
    return std::nullopt;
}

std::optional<CurvePoint> zero_between(const CurveEquations& equations, const CurvePoint& a,
                                       const CurvePoint& b,
                                       const std::function<double(const CurvePoint&)>& test) {
    const Vector chord = (b.y - a.y).normalized();
    double left = 0.0, right = 1.0;
    double at_left = test(a), at_right = test(b);
    std::optional<CurvePoint> found;
    for (int iteration = 0; iteration < 60; ++iteration) {
        double share = (left * at_right - right * at_left) / (at_right - at_left);
        if (!(share > left && share < right)) share = 0.5 * (left + right);
        auto next = correct(equations, a.y + share * (b.y - a.y), chord);
        // Where branches cross the equations are singular: a little aside they are not.
        if (!next) {
            share += 1e-7 * (share > 0.5 ? -1.0 : 1.0);
            next = correct(equations, a.y + share * (b.y - a.y), chord);
        }
        if (!next) return found;
        found = std::move(next);
        const double value = test(*found);
        if (value == 0.0 || right - left < 1e-12) return found;
        if ((value > 0.0) == (at_right > 0.0)) {
            right = share;
            at_right = value;
            at_left *= 0.5;
        } else {
            left = share;
            at_left = value;
            at_right *= 0.5;
        }
    }
    return found;
}

Matrix differences(const std::function<Vector(const Vector&)>& value, const Vector& y) {
    Matrix slope;
    for (Index j = 0; j < y.size(); ++j) {
        const double h = 6e-6 * (1.0 + std::abs(y[j]));
        Vector up = y, down = y;
        up[j] += h;
        down[j] -= h;
        const Vector column = (value(up) - value(down)) / (2.0 * h);
        if (slope.size() == 0) slope.resize(column.size(), y.size());
        slope.col(j) = column;
    }
    return slope;
}

}  // namespace heddle
