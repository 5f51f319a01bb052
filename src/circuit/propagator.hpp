#pragma once

#include <span>

#include "heddle/circuit/circuit.hpp"

namespace heddle {

/// The divided difference of exp at the given points,
///
///     exp[x₀, …, x_n] = ∫ exp(Σ x_k λ_k) dλ   over the simplex Σ λ_k = 1 ,
///
/// for at most four points, with a relative error near rounding also where points coincide:
/// a chain of n + 1 leaky stages of rates r_k has the impulse response tⁿ exp[−r₀ t, …, −r_n t].
[[nodiscard]] double divided_exponential(std::span<const double> points);

/// What a step, or a part of one, makes of a synapse: of its state s (and x, for alpha), of
/// arrivals at a constant rate, and what both do to the membrane.
///
///     V gains  on_v · s + on_v_rise · x + on_v_arrival · (spikes / ms)
///     s ← keep · s + rise · x + arrival · (spikes / ms) ,   x ← keep · x + rise_arrival · …
struct SynapsePropagator {
    double keep = 0.0;
    double rise = 0.0;
    double arrival = 0.0;
    double rise_arrival = 0.0;
    double on_v = 0.0;
    double on_v_rise = 0.0;
    double on_v_arrival = 0.0;
};

/// How a current reaches the membrane: V̇ = −V / tau_m + I / C_m; without leak (tau_m = ∞) and
/// C_m = `duration` what comes out is the mean of the current.
struct Membrane {
    double leak;         ///< 1 / τ_m, 1/ms.
    double capacitance;  ///< C_m, pF.
};

/// The exact propagator of a synapse with current amplitude 1 over `duration` ms. For a delta
/// synapse V jumps by 1, whatever the capacitance.
[[nodiscard]] SynapsePropagator propagator(const Synapse& synapse, const Membrane& membrane,
                                           double duration);

/// ∫₀^δ exp(−leak t) dt / C: what a constant unit current makes of V.
[[nodiscard]] double charge(const Membrane& membrane, double duration);

/// The 2 × 2 law of filtered noise over a step: with tau ẋ = −x + √(2 tau) ξ (variance 1),
///
///     x ← keep x + a n₁ ,   V gains through x · on_v + b n₁ + c n₂
struct NoisePropagator {
    double keep;
    double on_v;
    double a;
    double b;
    double c;
};

[[nodiscard]] NoisePropagator noise_propagator(double tau, const Membrane& membrane,
                                               double duration);

}  // namespace heddle
