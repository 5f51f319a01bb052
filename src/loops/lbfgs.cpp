#include "loops/lbfgs.hpp"

#include <algorithm>
#include <cmath>
#include <deque>
#include <limits>
#include <optional>
#include <vector>

namespace heddle {
namespace {

constexpr double armijo = 1e-4;
constexpr double curvature = 0.9;
constexpr double first_step = 0.4;  // Of ‖x‖, along the first gradient.

struct Pair {
    Vector step, change;
    double inverse;  ///< 1 / stepᵀ change.
};

/// −H ∇φ by the two-loop recursion.
Vector direction(const std::deque<Pair>& pairs, const Evaluated& at) {
    Vector d = -at.gradient;
    if (pairs.empty()) return d * (first_step * at.x.norm() / d.norm());
    std::vector<double> weights;
    for (auto pair = pairs.rbegin(); pair != pairs.rend(); ++pair) {
        weights.push_back(pair->inverse * pair->step.dot(d));
        d -= weights.back() * pair->change;
    }
    d /= pairs.back().inverse * pairs.back().change.squaredNorm();
    for (const Pair& pair : pairs) {
        d += (weights.back() - pair.inverse * pair.change.dot(d)) * pair.step;
        weights.pop_back();
    }
    return d;
}

/// A step along the line, φ and φ' there.
struct Trial {
    double t, value, slope;
};

/// Where the cubic through two trials has its minimum; none if it has none.
double cubic_minimum(const Trial& a, const Trial& b) {
    const double d1 = a.slope + b.slope - 3.0 * (a.value - b.value) / (a.t - b.t);
    const double square = d1 * d1 - a.slope * b.slope;
    if (!(square >= 0.0)) return std::numeric_limits<double>::quiet_NaN();
    const double d2 = std::copysign(std::sqrt(square), b.t - a.t);
    return b.t - (b.t - a.t) * (b.slope + d2 - d1) / (b.slope - a.slope + 2.0 * d2);
}

/// The next step to try: inside the bracket and not close to its ends, or farther out.
double next_step(const Trial& low, const std::optional<Trial>& high, double longest) {
    if (!high) return longest;
    const double width = high->t - low.t;
    const double best =
        std::isfinite(high->value) ? cubic_minimum(low, *high) : low.t + 0.3 * width;
    const double relative = (best - low.t) / width;
    return low.t + width * (std::isfinite(relative) ? std::clamp(relative, 0.1, 0.9) : 0.5);
}

/// A point along d that satisfies the strong Wolfe conditions; none if rounding hides it.
class LineSearch {
  public:
    LineSearch(const Objective& objective, const Evaluated& from, const Vector& d)
        : objective_(objective),
          from_(from),
          d_(d),
          start_{0.0, from.value, from.gradient.dot(d)} {}

    std::optional<Evaluated> run(int& budget) {
        low_ = start_;
        double t = 1.0;
        while (budget > 0 &&
               (!high_ || std::abs(high_->t - low_.t) * d_.norm() > 1e-14 * from_.x.norm())) {
            Evaluated at{from_.x + t * d_, 0.0, {}};
            objective_(at);
            --budget;
            const bool inside = std::isfinite(at.value);
            const Trial trial{t, at.value, inside ? at.gradient.dot(d_) : 0.0};
            if (inside && accepted(trial)) return at;
            narrow(trial);
            t = next_step(low_, high_, 3.0 * t);
        }
        return std::nullopt;
    }

  private:
    [[nodiscard]] bool descends(const Trial& trial) const {
        return trial.value <= start_.value + armijo * trial.t * start_.slope;
    }
    [[nodiscard]] bool accepted(const Trial& trial) const {
        return descends(trial) && std::abs(trial.slope) <= -curvature * start_.slope;
    }
    void narrow(const Trial& trial) {
        if (!descends(trial) || trial.value >= low_.value) {
            high_ = trial;
            return;
        }
        const double ahead = high_ ? high_->t - low_.t : 1.0;
        if (trial.slope * ahead >= 0.0) high_ = low_;
        low_ = trial;
    }

    const Objective& objective_;
    const Evaluated& from_;
    const Vector& d_;
    Trial start_, low_{};
    std::optional<Trial> high_;
};

void remember(std::deque<Pair>& pairs, const Evaluated& from, const Evaluated& to, int memory) {
    Pair pair{to.x - from.x, to.gradient - from.gradient, 0.0};
    const double product = pair.step.dot(pair.change);
    if (!(product > 0.0)) return;
    pair.inverse = 1.0 / product;
    pairs.push_back(std::move(pair));
    if (pairs.size() > static_cast<std::size_t>(memory)) pairs.pop_front();
}

bool is_flat(const Evaluated& at, double tolerance) {
    return at.gradient.norm() * at.x.norm() <= tolerance * std::abs(at.value);
}

}  // namespace

Minimum minimise(const Objective& objective, const Vector& start, const LbfgsOptions& options) {
    int budget = options.most_evaluations - 1;
    Evaluated at{start, 0.0, {}};
    objective(at);
    std::deque<Pair> pairs;
    while (!is_flat(at, options.tolerance) && budget > 0) {
        const Vector d = direction(pairs, at);
        std::optional<Evaluated> next = LineSearch(objective, at, d).run(budget);
        if (!next && pairs.empty()) break;
        if (!next) {
            pairs.clear();
            continue;
        }
        remember(pairs, at, *next, options.memory);
        const double gained = at.value - next->value;
        at = *std::move(next);
        if (gained <= options.settled && options.settled > 0.0) break;
    }
    const bool flat = is_flat(at, options.tolerance);
    return {std::move(at), options.most_evaluations - budget, flat};
}

}  // namespace heddle
