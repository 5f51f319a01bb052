#pragma once

#include <span>
#include <string>
#include <variant>
#include <vector>

#include "heddle/linalg/types.hpp"
#include "heddle/network/hazard.hpp"

namespace heddle {

/// Leaky integrate-and-fire:
///
///     τ_m V̇ = −(V − E_L) + (τ_m / C_m) (I_e + I(t)) ;   V ≥ V_th: spike, V ← V_reset for t_ref
///
/// \see Brunel (2000), J Comput Neurosci 8:183.
struct LeakyNeuron {
    double C_m = 250.0;      ///< Membrane capacitance, pF.
    double tau_m = 10.0;     ///< Membrane time constant, ms.
    double E_L = -70.0;      ///< Resting potential, mV.
    double V_th = -55.0;     ///< Threshold, mV.
    double V_reset = -70.0;  ///< Potential after a spike, mV.
    double t_ref = 2.0;      ///< Absolute refractory period, ms.
    double I_e = 0.0;        ///< Constant current, pA.
};

/// Generalised integrate-and-fire with escape noise: the membrane of the leaky neuron, and a spike
/// with probability λ dt in dt,
///
///     λ(t) = f(V − ϑ) ,   ϑ = V_T_star + Σ moving thresholds
///
/// With `reset` false the spike leaves V alone: the spike-response model SRM0 (a GLM), whose
/// history enters through t_ref and adaptation only.
/// \see Gerstner, Kistler, Naud & Paninski (2014), Neuronal Dynamics, ch. 6 and 9; Schwalger, Deger
///      & Gerstner (2017), PLoS Comput Biol 13:e1005507.
struct EscapeNeuron {
    double C_m = 250.0;                   ///< Membrane capacitance, pF.
    double tau_m = 20.0;                  ///< Membrane time constant, ms.
    double E_L = 0.0;                     ///< Resting potential, mV.
    double V_T_star = 15.0;               ///< Threshold without adaptation, mV.
    double V_reset = 0.0;                 ///< Potential after a spike, mV.
    double t_ref = 4.0;                   ///< Absolute refractory period, ms.
    double Delta_V = 2.0;                 ///< Softness of the threshold, mV.
    double lambda_0 = 10.0;               ///< Hazard at threshold (exponential), Hz.
    double lambda_floor = 0.0;            ///< Hazard far below threshold (rectified), Hz.
    double I_e = 0.0;                     ///< Constant current, pA.
    Hazard hazard = Hazard::exponential;  ///< f.
    bool reset = true;                    ///< Does a spike reset V? false: SRM0.
};

/// Adaptive exponential integrate-and-fire; a = b = 0 is the exponential integrate-and-fire neuron:
///
///     C_m V̇ = −g_L (V − E_L) + g_L Delta_T exp((V − V_th) / Delta_T) − w + I_e + I(t)
///     tau_w ẇ = a (V − E_w) − w ;   V ≥ V_peak: spike, V ← V_reset, w ← w + b
///
/// \see Brette & Gerstner (2005), J Neurophysiol 94:3637.
struct ExponentialNeuron {
    double C_m = 281.0;      ///< Membrane capacitance, pF.
    double g_L = 30.0;       ///< Leak conductance, nS.
    double E_L = -70.6;      ///< Resting potential, mV.
    double V_th = -50.4;     ///< Threshold of the exponential, mV.
    double Delta_T = 2.0;    ///< Slope factor, mV.
    double V_peak = 0.0;     ///< Potential at which a spike is cut off, mV.
    double V_reset = -60.0;  ///< Potential after a spike, mV.
    double t_ref = 0.0;      ///< Absolute refractory period, ms.
    double a = 4.0;          ///< Subthreshold adaptation, nS.
    double b = 80.5;         ///< Adaptation by a spike, pA.
    double tau_w = 144.0;    ///< Time constant of adaptation, ms.
    double E_w = -70.6;      ///< Potential of subthreshold adaptation, mV (NEST: E_L).
    double I_e = 0.0;        ///< Constant current, pA.
};

/// Quadratic integrate-and-fire, dimensionless, reset from +∞ to −∞, without a cut-off:
///
///     tau_m V̇ = V² + eta + I(t)
///
/// \see Montbrió, Pazó & Roxin (2015), Phys Rev X 5:021028.
struct QuadraticNeuron {
    double tau_m = 10.0;  ///< Time constant, ms.
    double eta = -5.0;    ///< Excitability, dimensionless.
};

using Neuron = std::variant<LeakyNeuron, EscapeNeuron, ExponentialNeuron, QuadraticNeuron>;

/// A parameter of a neuron law: what a table, a file and a quenched law need to know of it.
template <class Law>
struct NeuronParameter {
    const char* name;     ///< NEST's, as everywhere.
    const char* unit;     ///< "mV", …; "" if dimensionless.
    double Law::* value;  ///< Where it is.
    bool positive;        ///< Must it be > 0? Else any finite number (t_ref, lambda_floor: ≥ 0).
    const char* meaning;  ///< In a few words.
};

/// The parameters of a law, in the order of its fields.
template <class Law>
[[nodiscard]] std::span<const NeuronParameter<Law>> parameters_of();
template <>
std::span<const NeuronParameter<LeakyNeuron>> parameters_of<LeakyNeuron>();
template <>
std::span<const NeuronParameter<EscapeNeuron>> parameters_of<EscapeNeuron>();
template <>
std::span<const NeuronParameter<ExponentialNeuron>> parameters_of<ExponentialNeuron>();
template <>
std::span<const NeuronParameter<QuadraticNeuron>> parameters_of<QuadraticNeuron>();

/// "lif", "gif", "adex", "qif".
[[nodiscard]] const char* name_of(const Neuron& neuron);
/// \throws DomainError, with a did-you-mean.
[[nodiscard]] Neuron neuron_from(const std::string& name);

/// The value of a parameter, by name. \throws DomainError, with a did-you-mean.
[[nodiscard]] double& parameter(Neuron& neuron, const std::string& name);

/// Independent noise that each neuron receives,
///
///     τ_m V̇ = … + √τ_m σ ξ          (tau = 0: white; the free potential has variance σ² / 2)
///     tau ẋ = −x + √τ_m σ ξ ,  τ_m V̇ = … + x          (coloured, with the same σ for tau → 0)
///
/// with τ_m = C_m / g_L for the exponential neuron; for the quadratic one σ is dimensionless. These
/// two are simulated with white noise only: an OrnsteinUhlenbeckInput does what coloured noise
/// would.
struct Noise {
    double sigma = 0.0;  ///< σ, mV; 0: none.
    double tau = 0.0;    ///< Correlation time, ms; 0: white.
};

/// What each spike adds to a neuron's own threshold or current, decaying with `tau`:
/// threshold: ϑ ← ϑ + q, mV (NEST: q_sfa, tau_sfa); current: I ← I − q, pA (q_stc, tau_stc).
struct Adaptation {
    enum class Kind { threshold, current };

    Kind kind = Kind::threshold;
    double tau = 100.0;  ///< ms.
    double q = 0.0;      ///< Added by a spike; mV or pA.
};

}  // namespace heddle
