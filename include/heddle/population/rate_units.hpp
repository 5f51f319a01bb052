#pragma once

#include <string>
#include <vector>

#include "heddle/circuit/circuit.hpp"
#include "heddle/equations/rate_equations.hpp"

namespace heddle {

/// The rate of a population whose neurons do not all get the same input, and how it follows their
/// mean.
struct EffectiveTransfer {
    double rate;  ///< Φ, Hz.
    double gain;  ///< ∂Φ/∂m, Hz/mV.
};

/// The effective transfer function of neurons with escape noise,
///
///     Φ(m, v) = ∫ Dz f(m + √v z) ,   Dz = exp(−z² / 2) dz / √(2π) ,
///
/// f the hazard of the law as a function of V − V_T_star.
///
/// \param mean      m of V − ϑ over neurons, mV.
/// \param variance  v ≥ 0 of the same, mV².
/// Closed for exponential and rectified hazards; softplus and sigmoid by the trapezoidal rule,
/// which converges exponentially: relative error below 1e-9.
/// \throws DomainError for a negative variance or numbers that are not finite.
/// \cost 0.1 to 0.2 µs.
[[nodiscard]] EffectiveTransfer effective_transfer(const EscapeNeuron& neuron, double mean,
                                                   double variance);

/// What rate units keep of the differences between neurons.
enum class Closure {
    full,           ///< Differences of input, of adaptation, and how the two go together.
    heterogeneity,  ///< Differences of input; adaptation by its mean.
    mean            ///< None.
};

/// One rate unit for each population: heterogeneous connections and adaptation together.
///
/// Neuron i of a population has in-weights w_ik, the sums of its synapses of projection k, with
/// mean W_k and variance C_k over neurons, and thresholds and currents that its own spikes raise.
/// What is drawn for each synapse also meets other sources: its part of C_k is that of the sums
/// times ⟨r²⟩ / A² over the sources (Roxin, Brunel, Hansel, Mongillo & van Vreeswijk 2011, J
/// Neurosci 31:16217). With z_l the thresholds, the adaptation currents I_l as R I_l, R = tau_m /
/// C_m, and what the membrane makes of these, b_l = q_l tau_l (R q_l tau_l), y_k the filtered rate
/// of the source, and all sums over k, and over those l, l' that are thresholds or the membrane,
///
///     tau_syn ṡ_k = −s_k + A_source(t − d) ,   tau_m ẏ_k = −y_k + s_k
///     m = μ(t) + Σ W_k y_k − Σ m_l
///     v = Σ C_k y_k² − 2 Σ y_k c_lk + Σ C_ll' + σ_d²
///     A = Φ(m, v) ,   G = ∂Φ/∂m
///     tau_l ṁ_l = −m_l + b_l A
///     tau_l ċ_lk = −c_lk + b_l G (C_k y_k − Σ_l' c_l'k)
///     Ċ_ll' = −(1/tau_l + 1/tau_l') C_ll' + (b_l / tau_l) G (Σ_k y_k c_l'k − Σ_j C_jl')
///             + (l ↔ l') + b_l b_l' A / (tau_l tau_l')
///
/// where the membrane is driven by the m, c and C of currents in place of b_l A and b_l G (…). c_lk
/// is the covariance of in-weights with adaptation, C_ll' that of adaptation: Stein's identity
/// Cov(X, f(u)) = G Cov(X, u), if potential and adaptation are jointly Gaussian over neurons.
/// Without spikes' noise h_i = Σ w_ik y_k itself is exact. σ_d² is the noise of single spikes, as
/// of Poisson processes, and of the membrane. Thresholds and currents that differ between neurons
/// (quenched V_T_star, E_L, I_e) are in-weights from a source with y = 1.
///
/// Neurons with a refractory period or a reset are not ready for some time after a spike. With f
/// the hazard of one that is, κ(a) the share of those that fired a ms ago and are not, and K_n = ∫
/// κ aⁿ da under an input that stays, a neuron's rate is F = f / (1 + f K_0). Then Φ = ⟨F⟩, and,
/// R = ⟨F / f⟩ being the share that is ready,
///
///     A = Φ (1 − √(q / q_0) p) / R ,   curve p̈ + lag ṗ + p = √(q q_0) A ,   q = (1 − R) / Φ
///
/// 1 / (1 + lag s + curve s²) having the first three moments of κ of the mean neuron. Without a
/// reset q = q_0 = t_ref, lag = t_ref / 2, curve = t_ref² / 12, and p is the share that is
/// refractory; with it q_0 = t_ref + tau_m, and V comes back from a depth that follows that of the
/// potential with `lag`; σ_d² is left out of Φ, as what noise brings near to the threshold leaves.
/// In C_ll' the last A becomes ⟨F CV²⟩, the rate at which the variance of spike counts grows. Exact
/// where nothing changes and neurons do not differ; fast changes excite more modes of the operator
/// of ages (`renewal_modes`) than these two.
///
/// \throws DomainError  what `validate` finds; and, with what would describe them instead, for
///         neurons that are not escape neurons, or are reset above V_T_star; conductances, alpha
///         synapses; other quenched laws; currents that differ in time between neurons;
///         distributed delays; laws of weights without a variance.
/// \cost O(Σ (projections · adaptations + adaptations²)) a right-hand side, whatever the number of
///       neurons; with refractory periods 19 hazards, 10 µs; with a reset 13, or 143 where neurons
///       differ, 5 to 100 µs.
[[nodiscard]] RateEquations rate_unit_equations(const Circuit& circuit,
                                                Closure closure = Closure::full);

struct RateUnitOptions {
    double duration = 1000.0;  ///< ms recorded.
    double transient = 0.0;    ///< ms before.
    double step = 0.5;         ///< ms; delays are rounded to it, and are at least one.
    double bin = 1.0;          ///< ms; a multiple of the step.
    Closure closure = Closure::full;
};

/// What rate units did, each with its evidence.
struct RateUnitRecording {
    std::vector<std::string> names;
    double bin;                            ///< ms.
    Matrix activity;                       ///< A at the ends of bins, Hz, shape (P, bins).
    Matrix mean;                           ///< m, mV, the same shape.
    Matrix variance;                       ///< v, mV².
    double step_error;                     ///< Largest |A − A with half the step|, Hz.
    std::vector<std::string> assumptions;  ///< What a micro simulation does not assume.
};

/// The activity of `rate_unit_equations`: the classical Runge–Kutta method from the circuit's
/// start, with nothing on its way before it, and once more with half the step for `step_error`.
/// \throws DomainError as `rate_unit_equations`, and for options out of range; NotConverged where
///         the solution leaves the range of numbers.
[[nodiscard]] RateUnitRecording rate_units(const Circuit& circuit,
                                           const RateUnitOptions& options = {});

}  // namespace heddle
