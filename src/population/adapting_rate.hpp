#pragma once

#include <vector>

#include "heddle/circuit/neuron.hpp"

namespace heddle {

/// The stationary rate of a neuron without a reset whose threshold rises by q_l at each of its
/// spikes and falls with tau_l:
///
///     r = Φ(m − b r, s² + v) ,   b = Σ b_l ,   b_l = q_l τ_l ,
///     τ_l δȧ_l = −δa_l + b_l (ξ − G Σ δa_k) ,   v = Var Σ δa_l ,   G = ∂Φ/∂m
///
/// with ξ the noise of spikes, of intensity r; for one threshold v = b² r / (2 τ (1 + b G)). As
/// Φ takes means over potentials, the thresholds are taken to be Gaussian and independent of the
/// noise s²; what this leaves out grows with tau_m / τ_l and with q_l over the width of Φ.
///
/// \param mean   m of h − V_T_star without the thresholds, mV.
/// \param noise  s², mV².
/// \return Hz.
/// \cost About fifty Φ.
[[nodiscard]] double adapting_rate(const EscapeNeuron& neuron,
                                   const std::vector<Adaptation>& thresholds, double mean,
                                   double noise);

}  // namespace heddle
