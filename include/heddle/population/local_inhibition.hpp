#pragma once

#include <string>
#include <vector>

#include "heddle/population/rate_units.hpp"

namespace heddle {

/// A population that inhibits itself through interneurons of its own, as one unit.
///
/// With m the potential over threshold that the population E would have without its pool, J < 0
/// and J' > 0 the mean in-weights (mV/Hz) of E from the pool and of the pool from E, and b what
/// else drives the pool,
///
///     A = Φ_E(m + J F) ,   F = Φ_I(J' A + b)
///
/// defines the *local transfer* A = Φ_loc(m): slower than synapses and membranes the population is
/// a unit with
///
///     dΦ_loc / dm = G / (1 + k) ,   k = −J J' G G_I ,   G = ∂Φ_E/∂m , G_I = ∂Φ_I/∂m .
///
/// Slow fluctuations of A are divided by 1 + k, its noise by (1 + k)², and a membrane that the loop
/// goes through answers 1 + k times faster. Faster than it, the loop is
///
///     L(ω) = k e^{−iω d} / Π (1 + iω τ_j) ,   d both delays, τ_j both membranes and synapses:
///
/// where −L reaches 1, at the frequency at which its phase is −π, an oscillation begins
/// (E–I gamma); smaller k is stable.
struct LocalInhibition {
    Vector mean;             ///< m, mV, shape (n,).
    Vector rate;             ///< A, Hz.
    Vector pool_rate;        ///< F, Hz.
    Vector gain;             ///< G, Hz/mV.
    Vector strength;         ///< k.
    Vector effective_gain;   ///< G / (1 + k), Hz/mV.
    double onset_strength;   ///< The k at which the loop alone begins to oscillate.
    double onset_frequency;  ///< And how fast, Hz.
    double residual;         ///< Largest |A − Φ_E(m + J F)|, Hz.
    std::string statement;   ///< In a sentence: for which m the loop is stable.
};

/// The local transfer of `excitatory` with its pool `inhibitory` at given m. Variances of
/// potentials are those of the membrane and of single spikes, the pool's included; their slopes are
/// left out of k. Currents that change are those at t = 0, and other input to `excitatory` is part
/// of m.
///
/// \throws DomainError as `rate_unit_equations`; for neurons that are reset or have a refractory
///         period; for a pool that is not private (that gets spikes of others than `excitatory`,
///         or sends to others), adapts, excites, or is not excited by E; m that are not finite.
/// \cost 60 evaluations of Φ_E and Φ_I for each m.
[[nodiscard]] LocalInhibition local_inhibition(const Circuit& circuit,
                                               const std::string& excitatory,
                                               const std::string& inhibitory, const Vector& mean);

/// `rate_unit_equations` in which the pools follow their input at once: their membranes, the
/// synapses onto them, and delays to and from them are left out. What the targets' membranes and
/// synapses filter stays. Right for times longer than these, and stable where the whole may
/// oscillate: `local_inhibition` says from which strength on.
///
/// \param pools  Names: private as above, without reset and refractory period.
/// \throws DomainError as both.
[[nodiscard]] RateEquations local_inhibition_equations(const Circuit& circuit,
                                                       const std::vector<std::string>& pools,
                                                       Closure closure = Closure::full);

}  // namespace heddle
