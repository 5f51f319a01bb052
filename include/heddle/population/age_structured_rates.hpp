#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "heddle/circuit/circuit.hpp"

namespace heddle {

/// One stationary state of populations told by the ages of their neurons.
struct AgeStructuredBranch {
    Vector rates;        ///< A, Hz, one for each population.
    Vector potential;    ///< h, where V would rest without spikes, mV.
    Vector variability;  ///< Coefficient of variation of the intervals.
    double residual;     ///< ‖F(A) − A‖₂, Hz.
    /// |F − F on panels of half the width|, Hz, one for each population.
    Vector error;
    std::vector<double> history;  ///< ‖F(A) − A‖₂ at each step of the start that found it, Hz.
    Matrix jacobian;              ///< ∂F/∂A.
    Index starts;                 ///< How many starts led here.
};

struct AgeStructuredRates {
    std::vector<std::string> names;
    std::vector<AgeStructuredBranch> branches;  ///< By rising sum of rates.
    Index failed;                               ///< Starts that led nowhere.
    std::vector<std::string> assumptions;       ///< A sentence each.
    std::string statement;                      ///< In a sentence.
};

struct AgeStructuredOptions {
    Index starts = 32;       ///< Equal rates at 8 levels first, then random ones.
    Index most_steps = 100;  ///< Of Newton's method, for each start.
    std::uint64_t seed = 0;  ///< Of random starts.
};

/// The stationary rates of infinite populations of neurons with escape noise that drive each other:
/// where `mesoscopic` with `finite_size` false can rest,
///
///     A_a = F_a(h_a, A_a) = 1 / ∫ S dx ,   S(x) = exp(−∫_0^x ρ) ,
///     ρ(x) = f(V(x) − ϑ(x)) for x > t_ref, else 0 ,
///     V(x) = h + (V_reset − h) exp(−(x − t_ref) / τ_m) ,   h without a reset ,
///     ϑ(x) = V_T_star + ϑ_1(x) + A ∫_x^∞ Q(y) dy ,
///     h_a  = E_L + (τ_m / C_m) I + τ_m Σ_b K_ab ⟨J_ab⟩ A_b ,
///
/// x the time since the last spike, ϑ_1 what that spike adds to the threshold, and Q the mean
/// effect of an older one (quasi-renewal, see `mesoscopic`). Age is cut into panels on which every
/// function of it is a polynomial to 13 digits, found by halving; from where the membrane and
/// adaptation are at rest S is exponential. Newton's method with the exact Jacobian, as in
/// `stationary_rates`: all solutions found are returned, and that no other exists is not proven.
/// Whether one is stable, with its delays, `population_eigenvalues` says.
///
/// \throws DomainError  for what `mesoscopic` refuses, except that delays may differ; currents that
///         change, shared noise; NotConverged with the residuals if no start led anywhere.
/// \cost A step takes some thousand hazards and one solve of n equations, n populations.
/// \see Gerstner (2000), Neural Comput 12:43; Naud & Gerstner (2012), PLoS Comput Biol 8:e1002711.
[[nodiscard]] AgeStructuredRates age_structured_rates(const Circuit& circuit,
                                                      const AgeStructuredOptions& options = {});

}  // namespace heddle
