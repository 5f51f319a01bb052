#pragma once

#include <optional>
#include <string>
#include <vector>

#include "heddle/circuit/circuit.hpp"
#include "heddle/equations/rate_equations.hpp"
#include "heddle/network/loops.hpp"
#include "heddle/network/network.hpp"

namespace heddle {

/// A population of spiking neurons as the unit of a network: around the state in which its own
/// input holds it (potential m_0, variance v over neurons, rate r_0, gain G = ∂Φ/∂m),
///
///     φ(x) = (Φ(m_0 + κ x, v) − r_0) / (κ G) ,   φ(0) = 0 , φ'(0) = 1
///     tau_m ẏ = −y + x ,   tau_l α̇_l = −α_l + β_l φ(y − Σ α_j) ,   β_l = b_l G
///
/// so that W, bias and loops of a network mean for it what they mean for a linear unit, as long as
/// κ x stays below the width of the transfer function.
struct ArtificialUnit {
    std::string name;       ///< Of the population.
    EscapeNeuron neuron;    ///< Quenched parameters at their means.
    double potential;       ///< m_0: V − ϑ at the operating point, mean over neurons, mV.
    double variance;        ///< v, mV²; held.
    double rate;            ///< r_0, Hz.
    double gain;            ///< G, Hz/mV.
    double scale;           ///< κ, mV: what x = 1 does to the potential.
    double steepest;        ///< sup φ'; infinite for exponential hazards.
    Vector adaptation;      ///< tau_l, ms.
    Vector beta;            ///< β_l: what φ = 1 that lasts does to the threshold, in units of κ.
    Index size;             ///< N.
    double noise;           ///< r_0 / (N κ² G²), s: two-sided power density of φ by finite size,
                            ///< white; adaptation divides it by |1 + Σ β_l / (1 + i ω tau_l)|².
    double slow_gain;       ///< G / (1 + Σ β_l), Hz/mV: lasting input, variance held;
    double true_slow_gain;  ///< the same with the variance that the full closure gives.
    double residual;        ///< Of the operating point: max |velocity| of its equations, per ms.
    bool unique;            ///< Is it proven that the population has no other fixed point?
    std::vector<std::string> assumptions;
};

/// The unit that the only population of a circuit makes. Its inputs, quenched differences and
/// adaptation are part of the unit; connections are what a network adds.
///
/// \param scale  κ, mV; r_0 / G if absent: then φ = A / r_0 − 1, and 1 is the rate itself.
/// \throws DomainError  what `rate_unit_equations` finds; neurons that are reset, have a refractory
///         period, or adapt by a current: a network's units have no states for it; another number
///         of populations than one, a projection, an input that changes in time, a scale that is
///         not positive; a population without exactly one stable state, or without gain there.
/// \cost That of `fixed_points` of one rate unit.
[[nodiscard]] ArtificialUnit artificial_unit(const Circuit& circuit,
                                             std::optional<double> scale = std::nullopt);

/// φ and its slope.
/// \throws DomainError for an x that is not finite.
[[nodiscard]] UnitResponse unit_response(const ArtificialUnit& unit, double x);

/// φ as the response of a Network with τ = tau_m, whose units' membranes carry x under delta
/// synapses: everything that takes a smooth response takes it, and designs made for a linear
/// network hold around x = 0. A network has no states for moving thresholds: `network_equations`
/// has.
///
/// \param hold_adaptation  whether thresholds that move are held where they rest: the response to
///                         changes that are over before any tau_l.
/// \throws DomainError for a unit that adapts, unless its adaptation is held.
[[nodiscard]] TransferResponse response_of(const ArtificialUnit& unit,
                                           bool hold_adaptation = false);

/// What has the time constant τ of a network's state x.
enum class Carrier {
    synapse,   ///< Slow synapses, tau_syn = τ; the membrane follows them with tau_m.
    membrane,  ///< The membrane itself, tau_m = τ, under delta synapses: y = x.
};

/// The eigenvalues that the weights need so that units have the rates that `targets` mean for
/// linear units, ρ = (λ − 1) / τ:
///
///     w = λ (1 + tau_m ρ) (1 + Σ β_l / (1 + tau_l ρ))
///
/// (without the first factor if the membrane carries x). Other ρ solve the same equation for w, one
/// for each state of the unit: `network_equations` tells where they are.
///
/// \param targets λ, shape (m,). \param tau τ, s.
/// \throws DomainError for a ρ at a pole −1 / tau_l; a membrane whose tau_m is not τ.
[[nodiscard]] ComplexVector compensated_targets(const ArtificialUnit& unit,
                                                const ComplexVectorView& targets, double tau,
                                                Carrier carrier = Carrier::synapse);

/// A network of such units, as formulas: with W, τ and b of the network, loops k with gates g_k,
///
///     τ ẋ_i = −x_i + Σ_j W_ij φ_j + b_i + Σ_k g_k Σ_c U_ic z_c(t − D)
///     tau_m ẏ_i = −y_i + x_i ,   A_i = Φ(m_0 + κ (y_i − Σ_l α_il), v)
///     φ_i = (A_i − r_0) / (κ G) ,   tau_l α̇_il = −α_il + β_l φ_i
///     τ_T ż_c = −z_c + Σ_j V_jc φ_j    (τ_T = 0: z at once)
///
/// φ replaces a response that has a name; a unit's has to be this unit's. x = 0, where everything
/// starts, is a fixed point if b = 0; there the eigenvalues of units without adaptation, carried by
/// the membrane, are those of the linear network. Gates and biases are parameters, to follow.
///
/// \throws ShapeError, DomainError  as `validate` of network and loops; a membrane whose tau_m is
///         not τ; a network whose response is another unit's, or carried by its membrane where
///         synapses are to carry x.
/// \cost Formulas of n² + 2 n k terms.
[[nodiscard]] RateEquations network_equations(const Network& network, const ArtificialUnit& unit,
                                              const std::vector<Loops>& loops = {},
                                              Carrier carrier = Carrier::synapse);

/// The same of a network whose response is a unit's: the membrane carries x, nothing adapts.
/// \throws ShapeError, DomainError  as `validate`; a response that is not a unit's.
[[nodiscard]] RateEquations network_equations(const Network& network,
                                              const std::vector<Loops>& loops = {});

}  // namespace heddle
