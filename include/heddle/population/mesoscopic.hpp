#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "heddle/circuit/circuit.hpp"
#include "heddle/core/parallel.hpp"

namespace heddle {

struct MesoscopicOptions {
    double duration = 1000.0;  ///< ms recorded.
    double transient = 0.0;    ///< ms before, not recorded; inputs count from its start.
    double step = 0.5;         ///< h, ms.
    std::uint64_t seed = 0;
    bool finite_size = true;  ///< false: N → ∞, the deterministic density of ages.
    double bin = 1.0;         ///< Of activity, ms; a multiple of the step.
    double history = 0.0;     ///< T, ms; 0: chosen for each population, see `mesoscopic`.
    /// What each neuron receives for itself: whatever its synapses do not share with those of
    /// others (few of all, weights that differ), Poisson inputs, noise. False: left out, or
    /// refused.
    bool own_noise = false;
    /// Asked with every report of progress; true ends the run there.
    std::function<bool()> stop;
};

/// Activities of populations. Times are counted from the end of the transient.
struct MesoscopicRecording {
    std::vector<std::string> names;  ///< Of populations.
    std::vector<Index> sizes;
    double duration;  ///< ms: what was recorded, less than asked for if it was stopped.
    double transient;
    double step;
    double bin;
    Matrix activity;  ///< A_N(t) = spikes / (N bin), Hz, shape (populations, bins).
    Matrix expected;  ///< Ā(t): what A_N scatters around, given its own past; Hz, the same shape.
    Vector history;   ///< T of each population, ms: cohorts older than that are one.
    /// Of each population: mean |V − V_free| / Delta_V of neurons as they leave the history, the
    /// relative error that leaving makes of their hazard.
    Vector history_error;
    /// Of each population: largest |N − Σ m − x| / √N, the survivors that were expected in excess
    /// or in want. Of order 1 with finite_size, rounding without.
    Vector mass_residual;
    /// Of each population: largest change of Σ m + x in a step beyond what spiked, over N:
    /// rounding.
    Vector conservation_error;
    /// Of each population: what its own noise makes of V at spikes, if none came before, as a
    /// standard deviation over Delta_V. Up to 1.3 rates are right to 1 %, at 2 to 10 %. 0 without
    /// own_noise.
    Vector noise_ratio;
    std::vector<std::string> assumptions;  ///< What was assumed beyond the circuit, in sentences.
    double run_seconds;                    ///< Wall clock.
    double bins_per_second;                ///< Age bins moved in one of them.
    bool completed;                        ///< Did it run to its end?
    std::string statement;                 ///< If not: why, with the time.
};

/// The activity of finite populations of neurons with escape noise, by their ages (times since the
/// last spike), without a single neuron:
///
///     A_N(t) h ~ Binomial(N, Ā h) / N
///     Ā(t) = ∫ λ S A_N dt̂  +  Λ(t) [ 1 − ∫ S A_N dt̂ ] ,   Λ = ∫ λ v dt̂ / ∫ v dt̂
///     ∂_t S = −λ S ,   ∂_t v = −2 λ v + λ S A_N ,   λ(t, t̂) = f(V(t, t̂) − ϑ(t, t̂))
///
/// with S(t, t̂) the part of those that fired at t̂ that has been silent since, V reset at t̂ and
/// moved by the population's mean input, and v the variance that survivors owe to chance. With
/// `finite_size` false Λ has nothing to do, and Ā = A is the refractory density of N → ∞.
///
/// Time is cut into steps, spikes of a step are one cohort that fired, on average, in its middle.
/// Cohorts move along characteristics and lose exp(−h (λ_n + λ_{n+1}) / 2), refractory periods end
/// inside a step, membranes and current synapses move by the exact propagators of `simulate`: what
/// is left is of order h². The count of a step is drawn from as many neurons as make its variance
/// that of all cohorts together, N in the limit h → 0. Adaptation of the threshold is
/// quasi-renewal: the last spike acts as it does, older ones as Delta_V (1 − exp(−ϑ / Delta_V)) by
/// the activity (exponential hazard; by their mean for others). At t = 0 no neuron has fired, and V
/// is E_L, or the mean of the quenched V_m.
///
/// Without autapses neurons that are reset miss their own last spike in what others send (order
/// 1 / N). With own_noise V of a cohort, and the currents x of its noise, would be Gaussian if
/// nobody spiked; those that are silent are that Gaussian times a polynomial of second degree, on
/// which the hazard acts at the three nodes of Gauss and Hermite, V̄ and V̄ ± √(3 v):
///
///     Σ 1, a = Σ y, B = Σ y yᵀ − Cov Σ 1 ,  y = (V, x):   a → F a ,  B → F B Fᵀ  in a step of
///     noise.
///
/// Synaptic noise is that of Poisson spikes with the activity of the source, of which neurons with
/// a share p of it have K (⟨w²⟩ − p ⟨w⟩²) for themselves.
///
/// T, unless given, is the least time after which a spike's ϑ stays below 0.1 Delta_V and the reset
/// is forgotten (5 tau_m, where there is one); at most 20 s.
///
/// The number of spikes of a step is a function of (seed, population, step) and the past.
///
/// \param progress  progress(done, total) in steps; may throw to stop: the exception is rethrown.
/// \throws DomainError, ShapeError  as `validate`, and for what a mean over neurons does not
///         describe, with the reason and what does: neurons without a hazard, conductances,
///         quenched parameters other than V_m, inputs or noise of each neuron's own unless
///         own_noise, delays that differ, low-rank weights, currents of adaptation in neurons with
///         a reset; for own_noise neurons that are not reset, alpha synapses, noise of more than
///         two correlation times.
/// \cost a step moves T / h bins of 1 to 3 ns each for each population, whatever N; 5 to 10 ns with
///       own_noise.
/// \see Schwalger, Deger & Gerstner (2017), PLoS Comput Biol 13:e1005507; Naud & Gerstner (2012),
///      PLoS Comput Biol 8:e1002711 (quasi-renewal); Gerstner (2000), Neural Comput 12:43.
[[nodiscard]] MesoscopicRecording mesoscopic(const Circuit& circuit,
                                             const MesoscopicOptions& options = {},
                                             const Progress& progress = {});

}  // namespace heddle
