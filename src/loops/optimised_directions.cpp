#include "loops/optimised_directions.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "heddle/linalg/solve.hpp"
#include "heddle/linalg/split.hpp"
#include "loops/lbfgs.hpp"

namespace heddle {
namespace {

constexpr double flat = 1e-4;  // Relative slope at which the descent ends.

/// Outputs and directions as one vector of free numbers, and back.
class Variables {
  public:
    Variables(const Directions& start, bool free_outputs, const WeightBounds& bounds)
        : fixed_(start.u), free_(free_outputs), k_(start.g.rows()), m_(start.g.cols()) {
        if (bounds.empty()) return;
        // +1, −1: of one sign; 0: absent; 2: either sign.
        const Eigen::ArrayXXd down = (bounds.lower.array() < 0.0).cast<double>();
        const Eigen::ArrayXXd up = (bounds.upper.array() > 0.0).cast<double>();
        kind_ = (down + up == 2.0).select(2.0, up - down);
    }

    [[nodiscard]] Vector packed(const Directions& at) const {
        const Matrix g = split(at.g);
        Vector x(outputs() + g.size());
        if (free_) x.head(outputs()) = root(at.u).reshaped();
        x.tail(g.size()) = g.reshaped();
        return x;
    }
    [[nodiscard]] Directions unpacked(const Vector& x) const {
        Directions at{fixed_, join(x.tail(2 * k_ * m_).reshaped(k_, 2 * m_))};
        if (free_) at.u = weights(varied(x));
        return at;
    }
    [[nodiscard]] Vector gradient(const DirectionCost& cost, const Vector& x) const {
        const Directions slopes{cost.u_slope, cost.g_slope};
        Vector gradient(x.size());
        gradient.tail(2 * k_ * m_) = split(slopes.g).reshaped();
        if (free_) gradient.head(outputs()) = through_square(slopes.u, varied(x)).reshaped();
        return cost.value * gradient;
    }

  private:
    [[nodiscard]] Index outputs() const { return free_ ? fixed_.size() : 0; }
    [[nodiscard]] Matrix varied(const Vector& x) const {
        return x.head(outputs()).reshaped(fixed_.rows(), fixed_.cols());
    }
    [[nodiscard]] Matrix weights(const Matrix& w) const {
        if (kind_.size() == 0) return w;
        return (kind_ == 2.0).select(w.array(), kind_ * w.array().square());
    }
    [[nodiscard]] Matrix root(const Matrix& u) const {
        if (kind_.size() == 0) return u;
        return (kind_ == 2.0).select(u.array(), u.array().abs().sqrt());
    }
    [[nodiscard]] Matrix through_square(const Matrix& slope, const Matrix& w) const {
        if (kind_.size() == 0) return slope;
        return (kind_ == 2.0).select(slope.array(), 2.0 * kind_ * w.array() * slope.array());
    }

    Matrix fixed_;
    bool free_;
    Index k_, m_;
    Eigen::ArrayXXd kind_;
};

/// The same loops with outputs of length 1, orthonormal where nothing binds single weights.
Directions normalised(const Directions& at, bool mixes) {
    if (!mixes) {
        const Vector lengths = at.u.colwise().norm();
        return {at.u * lengths.cwiseInverse().asDiagonal(), lengths.asDiagonal() * at.g};
    }
    const Matrix q = orthonormal(at.u);
    return {q, q.transpose() * at.u * at.g};
}

}  // namespace

OptimisedDirections optimise_directions(const DirectionProblem& problem, const Directions& start,
                                        bool free_outputs, const WeightBounds& u_bounds,
                                        int most_evaluations, const Progress& progress) {
    const Variables variables(start, free_outputs, u_bounds);
    int evaluations = 0;
    const Objective objective = [&](Evaluated& at) {
        const DirectionCost cost = direction_cost(problem, variables.unpacked(at.x));
        at.value = cost.value;
        evaluations = std::min(evaluations + 1, most_evaluations);
        if (progress)
            progress(static_cast<std::size_t>(evaluations),
                     static_cast<std::size_t>(most_evaluations));
        if (std::isfinite(cost.value)) at.gradient = variables.gradient(cost, at.x);
    };
    const Minimum minimum = minimise(objective, variables.packed(start),
                                     {.tolerance = flat, .most_evaluations = most_evaluations});
    Directions best = variables.unpacked(minimum.at.x);
    const bool mixes = u_bounds.empty() && problem.v_bounds.empty() && !problem.spread_load;
    if (free_outputs) best = normalised(best, mixes);
    return {std::move(best), minimum.evaluations};
}

}  // namespace heddle
