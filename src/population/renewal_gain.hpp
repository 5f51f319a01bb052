#pragma once

#include "heddle/circuit/neuron.hpp"

namespace heddle {

/// What a neuron that is reset receives for ever.
struct RenewalInput {
    double mean;   ///< h, of the free potential, mV.
    double noise;  ///< The variance that noise would give the free potential, mV².
    double tau;    ///< Correlation time of the current that brings it, ms; 0: white.
};

/// The stationary rate of a neuron with escape noise and a reset, 1 / (t_ref + ∫ S(a) da), Hz.
///
/// Of those that are silent at age a, potential V and noise current x are taken to be jointly
/// Gaussian. Then those whose V is high leave first (Stein's identity), with Φ(m, v) of
/// `effective_transfer` and Φ', Φ'' its derivatives to m,
///
///     S' = −Φ S
///     τ_m ṁ = h + m_x − m − τ_m v Φ'           tau ṁ_x = −m_x − tau c Φ'
///     v̇ = 2 (c − v) / τ_m − v² Φ''             ċ = (v_x − c) / τ_m − c / tau − v c Φ''
///     v̇_x = 2 (σ_x² − v_x) / tau − c² Φ''
///
/// from V_reset, v = c = 0. A spike leaves x as it is: it starts with what it is on average, and
/// how it varies, at spikes, found by iteration. Without noise exact; with a noise of (1.3
/// Delta_V)² the rate is right to 1 %.
/// \pre the neuron is reset. \cost some 0.2 ms, three times that in coloured noise.
[[nodiscard]] double renewal_rate(const EscapeNeuron& neuron, const RenewalInput& input);

}  // namespace heddle
