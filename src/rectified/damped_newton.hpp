#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include "linalg/lu.hpp"

namespace heddle {

/// Where a search ended.
struct Search {
    Vector x;
    bool converged;        ///< Newton steps shrank to rounding.
    Index factorisations;  ///< LU factorisations.
};

inline constexpr double least_damping = 1e-4;
inline constexpr double near_enough = 1e-8;  ///< Of the state: undamped steps converge from here.

/// m(x) = Π_i (1 + n s² / |x − x_i|²) with s² = `spread`.
class Deflation final {
  public:
    explicit Deflation(const std::vector<Vector>& known) : known_(known) {}

    [[nodiscard]] bool empty() const noexcept { return known_.empty(); }

    [[nodiscard]] double logarithm(const Vector& x) const {
        double sum = 0.0;
        for (const Vector& point : known_)
            sum += std::log1p(scale(x) / std::max((x - point).squaredNorm(), 1e-300));
        return sum;
    }

    /// ∇ ln m.
    [[nodiscard]] Vector gradient(const Vector& x) const {
        Vector sum = Vector::Zero(x.size());
        for (const Vector& point : known_) {
            const double squared = std::max((x - point).squaredNorm(), 1e-300);
            sum -= 2.0 * scale(x) / (squared * (squared + scale(x))) * (x - point);
        }
        return sum;
    }

  private:
    static constexpr double spread = 0.1;
    [[nodiscard]] static double scale(const Vector& x) {
        return spread * static_cast<double>(x.size());
    }

    const std::vector<Vector>& known_;
};

/// The Newton step of m F at x, and simplified steps from elsewhere, by Sherman and Morrison.
template <class Map>
class DeflatedStep final {
  public:
    DeflatedStep(const Map& map, const Vector& x, const Deflation& deflation)
        : map_(map), deflation_(deflation), lu_(jacobian_of(map, x)) {
        plain_ = -lu_.solve(residual_of(map, x));
        if (deflation.empty()) return;
        gradient_ = deflation.gradient(x);
        logarithm_ = deflation.logarithm(x);
        double divisor = 1.0 - gradient_.dot(plain_);
        if (std::abs(divisor) < 1e-3) divisor = std::copysign(1e-3, divisor);
        divisor_ = divisor;
    }

    [[nodiscard]] const Vector& plain() const noexcept { return plain_; }
    [[nodiscard]] Vector step() const { return plain_ / divisor_; }

    [[nodiscard]] Vector simplified(const Vector& x) const {
        Vector y = -lu_.solve(residual_of(map_, x));
        if (deflation_.empty()) return y;
        y += gradient_.dot(y) / divisor_ * plain_;
        return std::exp(std::min(deflation_.logarithm(x) - logarithm_, 100.0)) * y;
    }

  private:
    const Map& map_;
    const Deflation& deflation_;
    Lu lu_;
    Vector plain_, gradient_;
    double logarithm_ = 0.0, divisor_ = 1.0;
};

/// Undamped steps, as long as they halve.
template <class Map>
[[nodiscard]] Search polished(const Map& map, Search search) {
    double last = near_enough * (1.0 + search.x.cwiseAbs().maxCoeff());
    for (int i = 0; i < 6; ++i) {
        const Vector step = -Lu(jacobian_of(map, search.x)).solve(residual_of(map, search.x));
        ++search.factorisations;
        const double size = step.cwiseAbs().maxCoeff();
        if (!(size <= last)) return search;
        search.x += step;
        search.converged = true;
        if (size > 0.5 * last || size == 0.0) return search;
        last = size;
    }
    return search;
}

/// The largest of λ, λ / 2, … whose step passes the test of natural monotonicity; 0 if none does.
template <class Map>
[[nodiscard]] double damping_of(const DeflatedStep<Map>& newton, const Vector& x,
                                const Vector& step, double first) {
    const double length = step.norm();
    for (double damping = first; damping >= least_damping; damping /= 2.0)
        if (newton.simplified(x + damping * step).norm() <= (1.0 - 0.25 * damping) * length)
            return damping;
    return 0.0;
}

/// Newton's method on F from x, damped by natural monotonicity: a step is taken where the
/// simplified Newton step behind it is shorter. `known` zeros are divided out. F and F' of a `Map`
/// are its functions residual_of(map, x) and jacobian_of(map, x).
template <class Map>
[[nodiscard]] Search damped_newton(const Map& map, Vector x, const std::vector<Vector>& known,
                                   Index most_steps) {
    const Deflation deflation(known);
    Search search{std::move(x), false, 0};
    double damping = 1.0;
    for (Index i = 0; i < most_steps; ++i) {
        const DeflatedStep<Map> newton(map, search.x, deflation);
        ++search.factorisations;
        const Vector step = newton.step();
        if (!step.allFinite()) return search;
        const double scale = 1.0 + search.x.cwiseAbs().maxCoeff();
        if (newton.plain().cwiseAbs().maxCoeff() < near_enough * scale)
            return polished(map, std::move(search));
        damping = damping_of(newton, search.x, step, std::min(1.0, 4.0 * damping));
        if (damping == 0.0) return search;
        search.x += damping * step;
    }
    return search;
}

}  // namespace heddle
