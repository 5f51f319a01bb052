#pragma once

#include <vector>

#include "heddle/circuit/circuit.hpp"

namespace heddle {

/// What a spike adds to the threshold, t ms later: Σ q exp(−t / τ). Without a reset currents of
/// adaptation do the same, by what they take from the potential that all neurons share:
///
///     ϑ(t) = Σ_threshold q e^{−t/τ} + Σ_current q P(t) ,   P the response of the membrane
[[nodiscard]] double threshold_after(const Population& population, double t);

/// What the same spike adds on average if it is one of many that nobody knows the times of:
/// Delta_V (1 − exp(−ϑ / Delta_V)), exact for Poisson spikes and an exponential hazard; ϑ else.
[[nodiscard]] double mean_effect(const EscapeNeuron& neuron, double threshold);

/// T ms after which a population's spikes need not be told apart: ϑ < 0.1 Delta_V from there on,
/// and the reset forgotten. \see mesoscopic.
[[nodiscard]] double history_needed(const Population& population);

/// Does it end before adaptation does?
[[nodiscard]] bool history_is_cut(const Population& population, double history);

/// The threshold that spikes older than the history add, by one leaky variable for each of the
/// exponentials. A spike enters with what it has, on average over the time to come, of the effect
/// that it would have alone: exact where the activity does not change.
class OldSpikes final {
  public:
    /// Spikes enter `age` ms after they were fired.
    OldSpikes(const Population& population, double step, double age);

    /// One step on. \return the threshold they add, mV.
    double advance();
    /// `count` spikes a neuron enter.
    void enter(double count);

  private:
    struct Trace {
        double keep;
        double entry;
        double to_v;         ///< Of a current: what a step of it makes of the potential,
        double keep_v;       ///< how that decays,
        double entry_v;      ///< and what it is when spikes enter.
        double value = 0.0;  ///< mV, or pA.
        double v = 0.0;      ///< mV.
        bool current;
    };

    std::vector<Trace> traces_;
};

}  // namespace heddle
