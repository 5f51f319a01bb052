#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "heddle/circuit/circuit.hpp"
#include "heddle/population/stationary_rates.hpp"

namespace heddle {

/// How the input that lasts is taken to differ between the neurons of a population.
enum class DistributionMethod {
    gaussian,            ///< By mean and variance.
    cumulants,           ///< By mean, variance and skewness, as a Pearson III law.
    population_dynamics  ///< As it does: weights and sources are drawn for each neuron.
};

/// The rates of the neurons of one population.
struct StationaryDistribution {
    std::string name;
    double mean;             ///< Hz.
    double deviation;        ///< Standard deviation over neurons, Hz.
    double skewness;         ///< Of rates; 0 where they do not differ.
    double mean_error;       ///< Standard errors, from pools that know nothing of each other;
    double deviation_error;  ///< 0 for the two methods without chance.
    double skewness_error;
    double input;            ///< Mean over neurons of the free potential h, mV.
    double input_deviation;  ///< Of what lasts of it, mV.
    double input_skewness;
    double noise;    ///< Mean s_d²: what single spikes and own noise add, mV² (leaky: σ²).
    Vector rates;    ///< A sample, rising, Hz,
    Vector weights;  ///< and the share of neurons that each stands for; their sum is 1.
};

/// The rate that a share p of neurons does not exceed, Hz, between those of the sample.
/// \throws DomainError unless 0 < p < 1.
[[nodiscard]] double rate_quantile(const StationaryDistribution& distribution, double p);

/// The share of neurons whose rate is at most `rate` Hz.
[[nodiscard]] double share_below(const StationaryDistribution& distribution, double rate);

struct StationaryDistributions {
    std::vector<StationaryDistribution> populations;
    /// Largest |F − m| of the mean rates, Hz: with twice the nodes; of the two halves of the sweeps
    /// for population dynamics.
    double residual;
    /// The same at each step of the search; for population dynamics the distance of each sweep
    /// from the result.
    std::vector<double> history;
    bool stable;  ///< Does the moments' relaxation towards F return there?
    std::vector<std::string> assumptions;
    std::string statement;  ///< In a sentence.
};

struct DistributionOptions {
    DistributionMethod method = DistributionMethod::cumulants;
    NoiseTheory theory = NoiseTheory::shifted;  ///< `white`: leaves out its time constants.
    Index nodes = 32;                           ///< Of the quadrature over neurons.
    Index most_steps = 100;                     ///< Of Newton's method.
    Index pools = 4;    ///< Independent ones, population dynamics: their scatter is the error.
    Index pool = 4000;  ///< Neurons of each population in one, at most.
    Index sweeps = 20;  ///< Of as many draws as neurons, after half as many to forget.
    Index threads = 0;  ///< 0: one per core; the result has the same bits for any number.
    std::uint64_t seed = 0;
};

/// How stationary rates differ between neurons whose connections and parameters do.
///
/// What neuron i of population a receives for ever is one number, and single spikes scatter about
/// it,
///
///     h_i = E_L + (τ_m / C_m) I + Σ_j J_ij r_j ,   s_i² = s_own² + Σ_j P_ij r_j ,   r_i = F(h_i,
///     s_i²)
///
/// with J_ij and P_ij the area of the potential that a spike causes and that of its square. F is
/// Φ(h − V_T_star, s²) of `effective_transfer` for neurons with escape noise and without reset,
/// Siegert's rate for leaky ones, and for neurons with escape noise and a reset 1 / (t_ref + ∫ S),
/// with S the part that is silent, whose potential and noise are taken to be Gaussian: those whose
/// potential is high leave first. Where thresholds move and nothing resets, V_T_star has Σ b_l r_i
/// added, b_l = q_l τ_l, and s² the variance of this, b² r / (2 τ (1 + b ∂Φ/∂h)) for one threshold:
/// r_i = F is an equation of its own. Over neurons, h has cumulants that the first three moments of
/// sources' rates determine; with K in-degrees, w weights, p the share of sources that are distinct
/// and κ_n, ⟨·⟩ over neurons,
///
///     κ₁ = ⟨K⟩ ⟨w⟩ ⟨r⟩
///     κ₂ = ⟨K⟩ { κ₂(w) ⟨r²⟩ + (1 − p) ⟨w⟩² κ₂(r) } + κ₂(K) ⟨w⟩² ⟨r⟩²
///     κ₃ = ⟨K⟩ { κ₃(w) ⟨r³⟩ + 3 (1 − p) κ₂(w) ⟨w⟩ Cov(r², r) + (1 − p)(1 − 2p) ⟨w⟩³ κ₃(r) }
///          + 3 κ₂(K) ⟨w⟩ ⟨r⟩ { κ₂(w) ⟨r²⟩ + (1 − 2p) ⟨w⟩² κ₂(r) } + κ₃(K) ⟨w⟩³ ⟨r⟩³
///
/// and what is quenched otherwise (V_T_star, E_L, I_e, `left`, currents by neuron) adds its own.
/// `gaussian` uses two of them, `cumulants` three: Gauss's rule for the Pearson III law with this
/// skewness; the moments of F(h) over its nodes are the sources' again. s² goes with h as
/// ⟨s²⟩ e^{b z − b²/2}, z = (h − κ₁) / √κ₂, with the covariance that w and w² make, |b| ≤ 1. Within
/// a population of CorrelatedDegrees, neurons are told apart by their in-degree, and sources are
/// averaged with the out-degree that goes with it. `population_dynamics` iterates pools of rates
/// instead: for each neuron all numbers, weights and sources are drawn anew, no law of h is
/// assumed; a pool with as many neurons as the population also shares sources as it does.
///
/// \throws DomainError for what has no such F, with what describes it: adaptation of neurons that
///         reset, or by currents, other neurons, refractory periods without a reset, conductances,
///         alpha synapses, other quenched parameters, inputs that change or are shared noise, noise
///         of several time constants where theory needs one, weights without three moments;
///         NotConverged with the residuals and what to try.
/// \cost Newton: some ms; population dynamics: 50 ns for each synapse of the pools and sweep.
///       Neurons with escape noise and a reset: 0.2 ms for each F, some seconds for Newton.
/// \see Amit & Brunel (1997), Network 8:373; van Vreeswijk & Sompolinsky (1998), Neural Comput
///      10:1321; Roxin et al. (2011), J Neurosci 31:16217; Vegue & Roxin (2019), bioRxiv
///      542456.
[[nodiscard]] StationaryDistributions stationary_distributions(
    const Circuit& circuit, const DistributionOptions& options = {});

}  // namespace heddle
