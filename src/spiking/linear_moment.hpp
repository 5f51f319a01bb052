#pragma once

#include <vector>

#include "circuit/propagator.hpp"
#include "spiking/individuals.hpp"

namespace heddle {

/// One neuron with a linear membrane at one moment inside a step, where the loops over tiles do not
/// help: it spikes, or is released, between two grid points. Moves by any time, exactly.
struct LinearMoment {
    /// A current into the membrane: ṡ = −rate s + x + to_s, ẋ = −rate x + to_x. That of a synapse;
    /// or, negative and without arrivals, one of adaptation.
    struct Source {
        double rate;  ///< 1/ms.
        double s;     ///< pA.
        double x = 0.0;
        double to_s = 0.0;  ///< Arrivals, constant over the step.
        double to_x = 0.0;
        double s_term = 0.0;
        double x_term = 0.0;
    };
    struct Decay {
        double rate;  ///< 1/ms.
        double value;
    };

    double v = 0.0;
    std::vector<Source> sources;
    std::vector<Decay> thresholds;  ///< mV.
    Membrane membrane{};
    double input = 0.0;        ///< Constant currents, pA.
    double drift = 0.0;        ///< Constant pull besides, that of the leak included, mV/ms.
    double base = 0.0;         ///< Threshold without adaptation.
    bool frozen = false;       ///< Conductances: input is by its mean over the step,
    double conductance = 0.0;  ///< with this total, nS,
    double reversal = 0.0;     ///< and Σ g E, pA.

    void move(double duration);
    /// Moves the thresholds alone.
    void decay(double duration);
    /// dV/dt, mV/ms.
    [[nodiscard]] double slope() const;
    /// V − ϑ, and its slope.
    [[nodiscard]] double above() const;
    [[nodiscard]] double rise() const;

  private:
    void move_frozen(double duration);
    void move_by_series(double duration);
};

/// The first time at which a moment, below threshold, reaches it within `duration`, and the moment
/// there: the root of the cubic through both ends, and a Newton step on the exact solution.
/// \param end  the moment after `duration`, at or above threshold.
[[nodiscard]] double move_to_threshold(LinearMoment& moment, const LinearMoment& end,
                                       double duration);

}  // namespace heddle
