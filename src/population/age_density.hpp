#pragma once

#include <vector>

#include "heddle/circuit/circuit.hpp"
#include "population/age_panels.hpp"

namespace heddle {

/// Neurons with escape noise at a constant free potential and activity, by s, the time since the
/// end of their last refractory period. Arrays have the shape (points, panels).
struct AgeDensity {
    EscapeNeuron neuron;
    std::vector<AgePanel> panels;
    Matrix age;        ///< s, ms.
    Matrix survivors;  ///< S, the part that has been silent.
    Matrix slope;      ///< ∂ρ / ∂u, 1 / (ms mV).
    Matrix effect;     ///< Q, what a spike before the last one adds to the threshold, mV; or empty.
    Matrix previous;   ///< ∫_x^∞ Q, mV ms; or empty.
    // From the last panel, or from where next to nobody is left, nothing but S changes: S =
    // survivors_end exp(−hazard_end (s − end)).
    double survivors_end = 1.0;
    double hazard_end = 0.0;  ///< ρ, 1/ms.
    double slope_end = 0.0;
    double effect_end = 0.0;    ///< Q at the end of the last panel, mV,
    double effect_decay = 0.0;  ///< and how it decays, 1/ms.
    double interval = 0.0;  ///< ∫ S, the mean interval, ms; infinite for neurons that are silent.

    [[nodiscard]] double rate() const { return 1e3 / interval; }  ///< Hz.
    /// Standard deviation of the intervals over their mean; 0 if there are none.
    [[nodiscard]] double variability() const;
    [[nodiscard]] bool silent() const { return rate() < 1e-280; }
};

/// \param potential  h, where V would rest without spikes, mV.
/// \param rate       Of the spikes before the last one, by which adaptation acts, Hz.
[[nodiscard]] AgeDensity age_density(const Population& population, double potential, double rate);

/// The same on panels of half the width.
[[nodiscard]] AgeDensity refined(const AgeDensity& density, const Population& population,
                                 double potential, double rate);

/// How 1 / ∫ S follows its two arguments.
struct AgeSlopes {
    double by_potential;  ///< Hz / mV.
    double by_rate;
};

[[nodiscard]] AgeSlopes slopes_of(const AgeDensity& density);

/// How the activity a e^{λt} of a population follows what it receives, and what it did itself:
///
///     survival a = drive δμ / membrane − feedback a ,   a in Hz, δμ e^{λt} in mV.
struct AgeResponse {
    Complex survival;        ///< ∫ S e^{−λx} dx, ms.
    Complex drive;           ///< ms Hz / mV.
    Complex feedback = 0.0;  ///< By adaptation, ms.
    Complex membrane = 1.0;  ///< 1 + λ τ_m where no reset makes it part of `drive`.

    [[nodiscard]] Complex susceptibility() const {
        return drive / (membrane * (survival + feedback));
    }
};

/// \param rate  λ, 1/ms, right of −hazard_end and −effect_decay.
[[nodiscard]] AgeResponse response_of(const AgeDensity& density, Complex rate);

/// (1 − |P̂|²) / |1 − P̂|² at λ = iω: the spectrum of the spikes of one neuron over its rate.
[[nodiscard]] double fluctuation_of(const AgeDensity& density, double angular, Complex survival);

}  // namespace heddle
