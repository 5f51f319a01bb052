#include "population/renewal_gain.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "network/smoothed.hpp"

namespace heddle {
namespace {

/// What is known of neurons that are silent: m, m_x, v, c, v_x and ln S.
using State = std::array<double, 6>;

State moved(const State& from, double h, const State& slope) {
    State to = from;
    for (std::size_t k = 0; k < to.size(); ++k) to[k] += h * slope[k];
    return to;
}

/// The noise current when a neuron is reset.
struct Current {
    double mean;
    double variance;
};

/// What a way through the ages brings.
struct Interval {
    double mean;  ///< ∫ S, ms.
    Current at_spike;
};

class Survival final {
  public:
    Survival(const EscapeNeuron& neuron, const RenewalInput& input)
        : neuron_(neuron), input_(input), white_(input.tau <= 0.0) {
        if (!white_) power_ = input.noise * (neuron.tau_m + input.tau) / input.tau;
    }

    [[nodiscard]] double rate() const {
        constexpr int most = 50;
        constexpr double same = 1e-7;
        Current start{0.0, power_};
        Interval interval = from(start);
        for (int k = 0; k < most && !white_ && power_ > 0.0; ++k) {
            const Current next = after_dead_time(interval.at_spike);
            const double change = std::abs(next.mean - start.mean) / std::sqrt(power_) +
                                  std::abs(next.variance - start.variance) / power_;
            start = next;
            interval = from(start);
            if (change < same) break;
        }
        return 1e3 / (neuron_.t_ref + interval.mean);
    }

  private:
    struct Hazard {
        double rate;  ///< Φ, 1/ms, and its first and second derivatives to m.
        double first;
        double second;
    };

    [[nodiscard]] Hazard hazard(double mean, double variance) const {
        const double unit = neuron_.Delta_V, scale = 1e-3 * neuron_.lambda_0;
        const double u = (mean - neuron_.V_T_star) / unit;
        const double w = std::max(variance, 0.0) / (unit * unit);
        const auto of_order = [&](int k) { return scale * hazard_mean(neuron_.hazard, k, u, w); };
        const double floor =
            neuron_.hazard == heddle::Hazard::rectified ? neuron_.lambda_floor : 0.0;
        const double rate = of_order(0) + 1e-3 * floor;
        if (input_.noise == 0.0) return {rate, 0.0, 0.0};
        return {rate, of_order(1) / unit, of_order(2) / (unit * unit)};
    }

    [[nodiscard]] State slope(const State& y) const {
        const auto [m, x, v, c, vx, log_s] = y;
        const Hazard f = hazard(m, v);
        const double tau = neuron_.tau_m;
        const double fed = white_ ? input_.noise : c;  // What noise adds to v.
        State out{(input_.mean + x - m) / tau - v * f.first,
                  0.0,
                  2.0 * (fed - v) / tau - v * v * f.second,
                  0.0,
                  0.0,
                  -f.rate};
        if (white_) return out;
        out[1] = -x / input_.tau - c * f.first;
        out[3] = (vx - c) / tau - c / input_.tau - v * c * f.second;
        out[4] = 2.0 * (power_ - vx) / input_.tau - c * c * f.second;
        return out;
    }

    /// By Runge and Kutta's rule of fourth order, until all have spiked or nothing changes.
    [[nodiscard]] Interval from(const Current& start) const {
        constexpr double forgotten = 15.0, gone = -30.0;  // Time constants; ln S.
        const double end = forgotten * (neuron_.tau_m + std::max(input_.tau, 0.0));
        const double longest =
            0.025 * (white_ ? neuron_.tau_m : std::min(neuron_.tau_m, 4.0 * input_.tau));
        State y{neuron_.V_reset, start.mean, 0.0, 0.0, start.variance, 0.0};
        Sums sums;
        for (double age = 0.0; age < end && y[5] > gone;) {
            const State k1 = slope(y);
            const double h = std::min(longest, 0.2 / std::max(-k1[5], 1e-12));
            const State k2 = slope(moved(y, 0.5 * h, k1));
            const State middle = moved(y, 0.5 * h, k2);
            const State k3 = slope(middle), k4 = slope(moved(y, h, k3));
            State next = y;
            for (std::size_t k = 0; k < y.size(); ++k)
                next[k] += h / 6.0 * (k1[k] + 2.0 * k2[k] + 2.0 * k3[k] + k4[k]);
            sums.time += h / 6.0 * (std::exp(y[5]) + 4.0 * std::exp(middle[5]) + std::exp(next[5]));
            add(middle, std::exp(y[5]) - std::exp(next[5]), sums);
            y = next;
            age += h;
        }
        sums.time += std::exp(y[5]) / std::max(-slope(y)[5], 1e-300);
        add(y, std::exp(y[5]), sums);
        return {sums.time, {sums.first, std::max(0.0, sums.second - sums.first * sums.first)}};
    }

    struct Sums {
        double time = 0.0, first = 0.0, second = 0.0;
    };

    /// x of a share that spikes: V is high then, and x with it.
    void add(const State& y, double share, Sums& sums) const {
        if (white_) return;
        const auto [m, x, v, c, vx, log_s] = y;
        const Hazard f = hazard(m, v);
        if (f.rate <= 0.0) return;
        const double mean = x + c * f.first / f.rate;
        const double variance =
            vx + c * c * (f.second / f.rate - f.first * f.first / (f.rate * f.rate));
        sums.first += share * mean;
        sums.second += share * (variance + mean * mean);
    }

    [[nodiscard]] Current after_dead_time(const Current& at_spike) const {
        const double keep = std::exp(-neuron_.t_ref / input_.tau);
        return {keep * at_spike.mean, power_ + keep * keep * (at_spike.variance - power_)};
    }

    const EscapeNeuron& neuron_;
    const RenewalInput& input_;
    bool white_;
    double power_ = 0.0;  ///< σ_x², mV².
};

}  // namespace

double renewal_rate(const EscapeNeuron& neuron, const RenewalInput& input) {
    return Survival(neuron, input).rate();
}

}  // namespace heddle
