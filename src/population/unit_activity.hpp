#pragma once

#include <functional>

#include "population/equation_writer.hpp"
#include "population/rate_unit.hpp"

namespace heddle {

/// What a unit's rate follows from.
struct UnitInput {
    Expression mean;       ///< m, mV.
    Expression lasting;    ///< Variance of what makes neurons differ for long, mV²,
    Expression noise;      ///< and of what fluctuates,
    Expression variance;   ///< both together.
    Expression threshold;  ///< V_T_star + Σ m_l of thresholds, mV.
    Expression share;      ///< How much of a difference of u is one of the potential, 0 … 1.
};

/// What the rest of its equations need of it.
struct UnitActivity {
    Expression rate;   ///< A, Hz.
    Expression count;  ///< Rate of the variance of a neuron's spike count, Hz.
    Expression gain;   ///< ∂Φ/∂m, Hz/mV.
    /// The stationary rate of a neuron whose u is so much above the mean, Hz.
    std::function<Expression(const Expression& shift)> neuron;
};

/// Writes the rate of a unit, "A_", and its gain if `with_gain`.
///
/// Neurons that forget their spikes follow u at once, A = Φ(m, v). Others are ready again only some
/// time after a spike, see RenewalFormulas. With means over the lasting differences between
/// neurons, Φ = ⟨F⟩ and R = ⟨F / f⟩, q = (1 − R) / Φ, and lag and curve of the mean neuron,
///
///     A = Φ (1 − √(q / q_0) p) / R ,   curve p̈ + lag ṗ + p = √(q q_0) A
///
/// where neurons that are reset are so from the potential of their last spikes, which follows the
/// present one with `lag`. q is t_ref for neurons with a refractory period alone, and p the share
/// of them that are refractory. All of it is exact where nothing changes and neurons do not differ;
/// in time, a refractory period is right in three moments.
UnitActivity write_activity(EquationWriter& write, const RateUnit& unit, const Expression& tau_m,
                            const UnitInput& input, bool with_gain);

/// Q = ⟨r²⟩ / A² − 1 over neurons whose lasting inputs differ, "Q_".
void write_spread(EquationWriter& write, const RateUnit& unit, const UnitActivity& activity,
                  const Expression& lasting);

}  // namespace heddle
