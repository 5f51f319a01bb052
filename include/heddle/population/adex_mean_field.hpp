#pragma once

#include <vector>

#include "heddle/circuit/circuit.hpp"
#include "heddle/equations/rate_equations.hpp"

namespace heddle {

/// Where the transfer function of a cell is measured.
struct AdexGrid {
    double lowest = -15.0;  ///< Mean potentials aimed at: from here
    double highest = 1.0;   ///< to here, mV from V_th,
    Index potentials = 12;  ///< so many,
    /// each with so much mean inhibitory conductance, in units of g_L,
    std::vector<double> inhibition = {0.25, 1.0, 2.0, 4.0, 8.0, 16.0};
    /// and currents g_L · so many mV beside: adaptation off its stationary value.
    std::vector<double> currents = {-10.0, 0.0, 10.0};
    Index neurons = 40;  ///< At each point.
};

/// A circuit that measures a transfer function: each population is one point of the grid.
struct AdexExperiment {
    Circuit circuit;
    ExponentialNeuron neuron;
    PoissonInput excitatory;  ///< Its rate is that of each point,
    PoissonInput inhibitory;
    Vector excitation;  ///< Hz, shape (m,).
    Vector inhibition;  ///< Hz, shape (m,).
    Vector current;     ///< pA, shape (m,).
};

/// Points are left out where the mean potential needs no excitation.
///
/// \param excitatory, inhibitory  exponential conductances with their weight; `rate` is not used.
/// \throws DomainError for other synapses, reversal potentials that do not lie above and below the
///         potentials aimed at, and grids without points.
[[nodiscard]] AdexExperiment adex_experiment(const ExponentialNeuron& neuron,
                                             const PoissonInput& excitatory,
                                             const PoissonInput& inhibitory,
                                             const AdexGrid& grid = {});

/// The effective threshold of a cell, and how well it says what was measured.
struct AdexTransfer {
    Vector coefficients;  ///< P, mV, shape (10,).
    double error;         ///< Root of the mean squared F − rate, Hz.
    double worst;         ///< Largest |F − rate|, Hz.
    Index points;
    Vector fitted;  ///< F at each point, Hz, shape (m,).
};

/// Fits the ten coefficients of the effective threshold,
///
///     F = Φ((μ_V − V_eff) / σ_V) / T_V ,   V_eff = P · (1, x, y, z, x², y², z², x y, x z, y z) ,
///     x = (μ_V + 60 mV) / 10 mV ,   y = (σ_V − 4 mV) / 6 mV ,   z = T_V g_L / C_m − 1 / 2 ,
///
/// first to the thresholds that the rates imply, then to the rates, with weights 1 / (1 Hz + rate),
/// by the Levenberg–Marquardt method. μ_V counts the neuron's own mean adaptation.
///
/// \param rates  Hz, of each population of the experiment: `SpikeRecording::activity` over time.
/// \throws ShapeError; DomainError where fewer than 20 points fire at 0.2 Hz and more.
/// \see Zerlaut, Chemla, Chavane & Destexhe (2018), J Comput Neurosci 44:45.
[[nodiscard]] AdexTransfer fit_adex_transfer(const AdexExperiment& experiment,
                                             const VectorView& rates);

struct AdexMeanFieldOptions {
    int order = 2;    ///< 1: rates; 2: and their covariances.
    double T = 20.0;  ///< Time over which activity is a Markov process, ms.
};

/// The master-equation mean field of adaptive exponential neurons with conductance synapses: with
/// f_s rate times number, Q_s, τ_s, E_s weight, time constant and reversal potential of what
/// population m gets,
///
///     μ_G = g_L + Σ f_s Q_s τ_s ,   T_m = C_m / μ_G
///     μ_V = (g_L E_L + I − W + Σ f_s Q_s τ_s E_s) / μ_G ,   U_s = Q_s τ_s (E_s − μ_V) / μ_G
///     σ_V² = ½ Σ f_s U_s² / (τ_s + T_m) ,   T_V = Σ f_s U_s² / (2 σ_V²)
///     T ν̇_m = F_m − ν_m + ½ Σ_lk c_lk ∂²F_m / ∂ν_l ∂ν_k
///     T ċ = J c + c Jᵀ + A + (F − ν)(F − ν)ᵀ ,   J = ∂F / ∂ν − 1 , A_mm = F_m (1 / T − F_m) / N_m
///     τ_w Ẇ = −W + b τ_w ν + a (μ_V − E_w)
///
/// and F as `fit_adex_transfer` says. To first order there is no c. Silence is far outside of what
/// was fitted: rates and W start where the first order comes to from there under the inputs at
/// t = 0.
///
/// \param thresholds  P of each population, mV, shape (10,) each.
/// \throws ShapeError; DomainError naming the population, projection or input: other neurons,
///         quenched parameters, noise and adaptation beside w, other synapses than exponential
///         conductances, weights and delays with a law, rules that fix single connections, low-rank
///         weights, currents of each neuron's own, populations without Poisson input from the start
///         to the end; order and T out of range. A solution ends where F_m exceeds 1 / T.
/// \cost Formulas of O(projections²) for order 1; order 2 has P (P + 1) / 2 second derivatives of
///       each F.
/// \see El Boustani & Destexhe (2009), Neural Comput 21:46; di Volo, Romagnoni, Capone & Destexhe
///      (2019), Neural Comput 31:653.
[[nodiscard]] RateEquations adex_mean_field(const Circuit& circuit,
                                            const std::vector<Vector>& thresholds,
                                            const AdexMeanFieldOptions& options = {});

}  // namespace heddle
