#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "heddle/circuit/circuit.hpp"
#include "heddle/linalg/types.hpp"

namespace heddle {

/// What becomes of synaptic time constants τ_s: `white` leaves them out; `shifted` has the shift of
/// `shifted_siegert_rates`, `taylor` the expansion of `taylor_siegert_rates` (0 where it is
/// negative). Both need one τ_s (or none) for all noise of a population.
enum class NoiseTheory { white, shifted, taylor };

/// One solution of r = F(r).
struct StationaryBranch {
    Vector rates;                 ///< Hz, one for each population.
    Vector mu;                    ///< Mean of the free potential there, mV.
    Vector sigma;                 ///< Noise there, mV.
    double residual;              ///< ‖F(r) − r‖₂, Hz.
    std::vector<double> history;  ///< ‖F(r) − r‖₂ at each step of the start that found it, Hz.
    ComplexVector eigenvalues;    ///< Of ∂F/∂r, canonical order.
    bool stable;                  ///< Does dr/ds = F(r) − r return to it: all Re λ < 1?
    Index starts;                 ///< How many starts led here.
};

struct StationaryRates {
    std::vector<std::string> names;
    std::vector<StationaryBranch> branches;  ///< By rising sum of rates.
    Index failed;                            ///< Starts that led nowhere.
    std::vector<std::string> assumptions;    ///< What the theory leaves out here, a sentence each.
    std::string statement;                   ///< In a sentence.
};

struct StationaryOptions {
    NoiseTheory theory = NoiseTheory::shifted;
    Index starts = 32;       ///< Equal rates at 8 levels first, then random ones.
    Index most_steps = 100;  ///< Of Newton's method, for each start.
    std::uint64_t seed = 0;  ///< Of random starts.
};

/// The stationary rates of populations of leaky neurons that drive each other,
///
///     r_a = F_a(μ_a, σ_a) ,   F: `shifted_siegert_rates`, or another theory,
///     μ_a  = E_L + (τ_m / C_m) I + τ_m Σ_b K_ab ⟨J_ab⟩ r_b ,
///     σ_a² = σ_own² + τ_m Σ_b K_ab ⟨J_ab²⟩ r_b ,
///
/// K mean in-degrees, J the jump of V that a spike is worth (w of a delta synapse, w τ_syn / C_m of
/// an exponential one), b also the Poisson inputs. Newton's method with the exact Jacobian, its
/// steps halved until the residual falls; where that ends, implicit steps of dr/ds = F(r) − r come
/// first. All solutions found are returned: that no other exists is not proven. But where every
/// t_ref > 0 bounds the rates, the signs of det(1 − F') over all solutions add up to 1: while they
/// do not, the search goes on, from up to eight times as many starts. `stable` is about this
/// relaxation; with delays, `population_eigenvalues` decides.
///
/// \throws DomainError for what the theory does not describe: other neurons, conductances, alpha
///         synapses, adaptation, quenched parameters (but V_m), low-rank weights, inputs that
///         change or are shared; NotConverged with the residuals if no start led anywhere.
/// \cost A step takes n rates and one solve of n equations, n populations.
/// \see Brunel (2000), J Comput Neurosci 8:183; Fourcaud & Brunel (2002), Neural Comput 14:2057;
///      Layer et al. (2022), Front Neuroinform 16:835657 (NNMT).
[[nodiscard]] StationaryRates stationary_rates(const Circuit& circuit,
                                               const StationaryOptions& options = {});

}  // namespace heddle
