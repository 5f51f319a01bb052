#pragma once

#include "core/elementary.hpp"

// The two halves of the adaptive exponential neuron, each exact: what Strang splitting composes.
//
//     linear       C V̇ = −g_L (V − E_L) − w + I − g V + e ,   tau_w ẇ = a (V − E_w) − w
//     exponential  C V̇ = g_L Delta_T exp((V − V_th) / Delta_T)

namespace heddle {

struct ExponentialState {
    double v;
    double w;
};

/// The linear half of one neuron in one step: V̇ = elastance (pull − gain V − w),
/// ẇ = w_rate (coupling (V − w_rest) − w).
struct LinearCell {
    double elastance;  ///< 1 / C_m, 1/pF.
    double gain;       ///< g_L and all conductances, nS.
    double pull;       ///< g_L E_L, I_e, all currents and Σ g E, pA.
    double coupling;
    double w_rest;
    double w_rate;
};

/// The increment of order k from the one of order k − 1: share = duration / k.
HEDDLE_INLINE ExponentialState next_order(const LinearCell& cell, ExponentialState d,
                                          double share) {
    return {-share * cell.elastance * (cell.gain * d.v + d.w),
            share * cell.w_rate * (cell.coupling * d.v - d.w)};
}

/// The linear flow for any duration and conductance, by its Taylor series to order 3: for rates up
/// to 1 % of 1 / duration the remainder is below 1e-7 of the change, far below the error of the
/// splitting.
HEDDLE_INLINE ExponentialState linear_flow(const LinearCell& cell, ExponentialState x,
                                           double duration) {
    const ExponentialState first{
        duration * cell.elastance * (cell.pull - cell.gain * x.v - x.w),
        duration * cell.w_rate * (cell.coupling * (x.v - cell.w_rest) - x.w)};
    const ExponentialState second = next_order(cell, first, duration / 2.0);
    const ExponentialState third = next_order(cell, second, duration / 3.0);
    return {x.v + ((third.v + second.v) + first.v), x.w + ((third.w + second.w) + first.w)};
}

}  // namespace heddle
