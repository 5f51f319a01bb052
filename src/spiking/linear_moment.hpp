#pragma once

#include <vector>

#include "spiking/individuals.hpp"
#include "spiking/propagator.hpp"

namespace heddle {

/// One neuron with a linear membrane at one moment inside a step, where the loops over tiles do not
/// help: it spikes, or is released, between two grid points. Moves by any time, exactly.
struct LinearMoment {
    struct Port {
        Synapse::Kind kind;
        double rate;  ///< 1 / τ_syn, 1/ms.
        double s;
        double x;
        double arrivals;  ///< 1/ms, constant over the step.
        double s_term = 0.0;
        double x_term = 0.0;
    };
    struct Decay {
        double rate;  ///< 1 / τ, 1/ms.
        double value;
        double term = 0.0;
    };

    double v = 0.0;
    std::vector<Port> ports;
    std::vector<Decay> currents;    ///< Adaptation, pA.
    std::vector<Decay> thresholds;  ///< mV.
    Membrane membrane{};
    double rest = 0.0;         ///< E_L, mV.
    double input = 0.0;        ///< Constant currents, pA.
    double drift = 0.0;        ///< Constant pull besides, mV/ms.
    double base = 0.0;         ///< Threshold without adaptation.
    bool frozen = false;       ///< Conductances: input is by its mean over the step,
    double conductance = 0.0;  ///< with this total, nS,
    double reversal = 0.0;     ///< and Σ g E, pA.

    void move(double duration);
    /// Moves the thresholds alone.
    void decay(double duration);
    /// V − ϑ, and its slope.
    [[nodiscard]] double above() const;
    [[nodiscard]] double rise() const;

  private:
    void move_frozen(double duration);
    void move_by_series(double duration);
    void move_piece(double duration, double fastest);
    [[nodiscard]] double fastest_rate() const;
    /// dV/dt of constant inputs alone, mV/ms.
    [[nodiscard]] double constant_drive() const;
    /// dV/dt of what the states and their terms make of V, mV/ms.
    [[nodiscard]] double term_drive() const;
};

/// The first time at which a moment, below threshold, reaches it within `duration`, and the moment
/// there: the root of the cubic through both ends, and a Newton step on the exact solution.
/// \param end  the moment after `duration`, at or above threshold.
[[nodiscard]] double move_to_threshold(LinearMoment& moment, const LinearMoment& end,
                                       double duration);

}  // namespace heddle
