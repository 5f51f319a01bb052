#include "population/adapting_rate.hpp"

#include <algorithm>
#include <cmath>

#include "heddle/linalg/solve.hpp"
#include "heddle/population/rate_units.hpp"

namespace heddle {
namespace {

constexpr int most_steps = 100;
constexpr double tolerance = 1e-13;
constexpr double fastest = 1e9;  // Hz: no rate is beyond.

/// b of all thresholds, mV / Hz.
double strength(const std::vector<Adaptation>& thresholds) {
    double sum = 0.0;
    for (const Adaptation& one : thresholds) sum += 1e-3 * one.q * one.tau;
    return sum;
}

/// v, mV²: with β_l = b_l / τ_l, T_lk = τ_l τ_k / (τ_l + τ_k) and p_l = Σ_k Cov(a_l, a_k),
///
///     p_l (1 + G Σ_k β_k T_lk) + G β_l Σ_k T_lk p_k = r β_l Σ_k β_k T_lk ,   v = Σ p_l
double own_noise(const std::vector<Adaptation>& thresholds, double rate, double gain) {
    const auto n = static_cast<Index>(thresholds.size());
    Matrix together(n, n), jumps(n, 1);
    for (Index l = 0; l < n; ++l) {
        const Adaptation& one = thresholds[static_cast<std::size_t>(l)];
        jumps(l, 0) = 1e-3 * one.q;
        for (Index k = 0; k < n; ++k) {
            const double other = thresholds[static_cast<std::size_t>(k)].tau;
            together(l, k) = one.tau * other / (one.tau + other);
        }
    }
    const Matrix driven = together * jumps;
    Matrix system = gain * jumps.asDiagonal() * together;
    system.diagonal() += (1.0 + gain * driven.array()).matrix();
    const Matrix right = 1e3 * rate * jumps.cwiseProduct(driven);
    return n == 1 ? right(0, 0) / system(0, 0) : solve(system, right).sum();
}

/// A neuron whose thresholds have a mean that follows its rate, and a variance v that is given.
class Adapting final {
  public:
    Adapting(const EscapeNeuron& neuron, const std::vector<Adaptation>& thresholds, double mean,
             double noise)
        : neuron_(neuron),
          thresholds_(thresholds),
          mean_(mean),
          noise_(noise),
          b_(strength(thresholds)) {}

    /// r = Φ(m − b r, s² + v), which falls with r: Newton's method between bounds that close.
    double rate(double own) {
        double low = 0.0, high = std::min(transfer(0.0, own).rate, fastest);
        double rate = std::min(last_, high);
        for (int step = 0; step < most_steps; ++step) {
            const EffectiveTransfer found = transfer(rate, own);
            (found.rate > rate ? low : high) = rate;
            double next = rate + (found.rate - rate) / (1.0 + b_ * found.gain);
            if (!(next >= low && next <= high)) next = 0.5 * (low + high);
            const bool same = std::abs(next - rate) <= tolerance * (1.0 + rate);
            rate = next;
            if (same) break;
        }
        return last_ = rate;
    }

    /// The variance that a neuron with v has, less v.
    double excess(double own) {
        const double r = rate(own);
        return own_noise(thresholds_, r, transfer(r, own).gain) - own;
    }

  private:
    [[nodiscard]] EffectiveTransfer transfer(double rate, double own) const {
        return effective_transfer(neuron_, mean_ - b_ * rate, noise_ + own);
    }

    const EscapeNeuron& neuron_;
    const std::vector<Adaptation>& thresholds_;
    double mean_, noise_, b_;
    double last_ = 0.0;
};

}  // namespace

double adapting_rate(const EscapeNeuron& neuron, const std::vector<Adaptation>& thresholds,
                     double mean, double noise) {
    Adapting of(neuron, thresholds, mean, noise);
    // The excess is positive at v = 0; false position between bounds (Illinois).
    double low = 0.0, high = 1.0, at_low = of.excess(0.0), at_high = of.excess(high);
    for (int k = 0; k < most_steps && at_high > 0.0; ++k)
        low = high, at_low = at_high, high *= 2.0, at_high = of.excess(high);
    for (int k = 0; k < most_steps && high - low > tolerance * (1.0 + high); ++k) {
        const double middle = (low * at_high - high * at_low) / (at_high - at_low);
        const double excess = of.excess(middle);
        if (excess == 0.0) return of.rate(middle);
        if (excess > 0.0)
            low = middle, at_low = excess, at_high *= 0.5;
        else
            high = middle, at_high = excess, at_low *= 0.5;
    }
    return of.rate(0.5 * (low + high));
}

}  // namespace heddle
