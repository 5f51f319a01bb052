#pragma once

#include <optional>
#include <string>
#include <vector>

#include "heddle/circuit/circuit.hpp"
#include "heddle/core/parallel.hpp"

namespace heddle {

struct FokkerPlanckOptions {
    double duration = 1000.0;     ///< ms recorded.
    double transient = 0.0;       ///< ms before; inputs count from its start.
    double step = 0.1;            ///< ms; delays are rounded to it, and are at least one.
    double bin = 1.0;             ///< ms; a multiple of the step.
    double spacing = 0.0;         ///< Of the grid of V, mV; 0: chosen, see `fokker_planck`.
    std::optional<double> V_low;  ///< Lower end of the grid, mV; chosen if not given.
    /// Run again with half the step and half the spacing, for `error`? Five times the cost.
    bool measure_error = false;
};

/// What densities of potentials did, with the evidence.
struct FokkerPlanckRecording {
    std::vector<std::string> names;  ///< Of populations.
    double bin;                      ///< ms.
    Matrix activity;                 ///< Hz, shape (populations, bins).
    Matrix mean_potential;           ///< ⟨V⟩ at the ends of bins, refractory at V_reset, mV.
    Matrix adaptation;               ///< ⟨w⟩ at the ends of bins, pA.
    Vector spacing;                  ///< Of each population's grid, mV.
    Vector mass_error;               ///< Largest |∫ p + refractory − 1|: rounding.
    Vector least_density;            ///< Most negative probability of a cell; 0: none was.
    Vector edge_share;               ///< Largest probability in the lowest fiftieth of the grid.
    Vector error;  ///< Largest |A − A of half step and spacing|, Hz; empty if not asked for.
    std::vector<std::string> assumptions;  ///< What a simulation does not assume.
};

/// Densities of the potentials of leaky and exponential populations that drive each other,
///
///     ∂_t p = −∂_V J ,   τ_m J = (μ(t) − ⟨w⟩ / g_L − V + ψ(V)) p − (σ(t)² / 2) ∂_V p ,
///     r(t) = J(V_peak) ,   r(t − t_ref) enters at V_reset ,
///     tau_w ⟨w⟩' = a (⟨V⟩ − E_w) − ⟨w⟩ + b tau_w r ,
///     μ = E_L + R (I_e + I(t)) + τ_m Σ K ⟨J⟩ s ,   σ² = σ_own² + τ_m Σ K ⟨J²⟩ s ,
///     tau_syn ṡ = −s + r_source(t − d)    (delta synapses: s = r_source(t − d)) ,
///
/// for infinitely many neurons, with K mean in-degrees and J the jump of V that a spike is worth.
/// Finite volumes with exact exponentials of the drift in each cell (Scharfetter and Gummel) and
/// TR-BDF2 in time, which is L-stable and of second order; what leaves is counted, and enters again
/// to the last digit. The spacing is a sixteenth of the σ of all that is not spikes, at most
/// Delta_T / 8 and (V_th − V_reset) / 100, and at most σ² / 2 (μ − V_reset) for the highest such μ:
/// wider cells add noise of their own; the grid reaches down to five times V_th − V_reset below the
/// lowest of V_reset, E_L and V without spikes. At t = 0 potentials are those of `simulate`: E_L,
/// or the mean and standard deviation of the quenched V_m, and w = a (⟨V⟩ − E_w).
///
/// \param progress  progress(done, total) in bins; may throw to stop: the exception is rethrown.
/// \throws DomainError, ShapeError  as `validate`, and for what a density of V does not describe,
///         with the reason and what does: escape and quadratic neurons, adapting thresholds,
///         conductances, alpha synapses, quenched parameters but V_m, delays that differ, low-rank
///         weights, inputs that differ between neurons or share their noise. Without any noise the
///         flux is upwind, of first order in the spacing.
/// \cost O(cells) a step and population: some 70 ns a cell while μ or σ change, whatever N.
/// \see Augustin, Ladenbauer, Baumann & Obermayer (2017), PLoS Comput Biol 13:e1005545; Scharfetter
///      & Gummel (1969), IEEE Trans Electron Devices 16:64; Bank et al. (1985), IEEE Trans CAD
///      4:436 (TR-BDF2).
[[nodiscard]] FokkerPlanckRecording fokker_planck(const Circuit& circuit,
                                                  const FokkerPlanckOptions& options = {},
                                                  const Progress& progress = {});

}  // namespace heddle
