#pragma once

#include <string>
#include <vector>

#include "heddle/circuit/circuit.hpp"
#include "heddle/population/stationary_rates.hpp"

namespace heddle {

/// The stationary state around which a circuit is linear.
struct LinearOptions {
    /// Hz, one for each population: rates from which the search starts; empty: the one stationary
    /// state that there is.
    Vector rates;
    NoiseTheory theory = NoiseTheory::shifted;  ///< Of leaky neurons.
};

/// How a circuit answers small signals and its own noise, at each of m frequencies.
struct LinearResponse {
    std::vector<std::string> names;
    std::vector<Index> sizes;
    Vector frequencies;                       ///< f, Hz, shape (m,).
    Vector rates;                             ///< A of the stationary state, Hz, shape (P,).
    ComplexMatrix susceptibility;             ///< χ, Hz / mV of the mean input, shape (P, m).
    Matrix uncoupled;                         ///< D, spectra without connections, Hz, shape (P, m).
    std::vector<ComplexMatrix> connectivity;  ///< M = χ W, shape (P, P) at each frequency.
    std::vector<ComplexMatrix> propagator;    ///< Q = (1 − M)⁻¹.
    /// S_ab(f) = ∫ ⟨δA_a(t + s) δA_b(t)⟩ e^{−2πi f s} ds, Hz: two-sided, N S_aa → A_a for f → ∞.
    std::vector<ComplexMatrix> spectra;
    std::vector<Matrix> coherence;  ///< |S_ab|² / (S_aa S_bb); 0 where nothing fluctuates.
    /// Of population a to a current into every neuron of population b, Hz / pA: Q χ τ_m / C_m. Its
    /// rows summed: to a current that all share.
    std::vector<ComplexMatrix> response;
    /// Standard deviation of what the circuit's own spikes make of the expected activity, up to
    /// 1 kHz: √∫ (M S Mᴴ)_aa df, Hz, shape (P,); infinite if unstable.
    Vector deviation;
    Index unstable;                        ///< Eigenvalues with Re λ > 0.
    bool trusted;                          ///< Stable, and every deviation at most 0.3 of the rate?
    std::vector<std::string> assumptions;  ///< A sentence each.
    std::string statement;                 ///< In a sentence.
};

/// The linear response of a circuit around its stationary state, and the spectra of its finite
/// populations, a small modulation e^{iωt} of everything:
///
///     δA = χ δμ + ξ ,   δμ = W δA + (τ_m / C_m) δI ,   ⟨ξ ξᴴ⟩ = D ,   Q = (1 − χ W)⁻¹
///     W_ab = τ_m Σ K_ab ⟨J_ab⟩ ⟨e^{−iωd}⟩ / (1 + iω τ_syn) ,   S = Q D Qᴴ
///
/// (alpha synapses have the filter squared, delta synapses none; the mean is over delays).
///
/// Neurons with escape noise (`age_structured_rates`): with S(x) their survivors at age x, ρ'(x)
/// the slope of their hazard, s = x − t_ref, and R(x) = ∫_x^∞ S(y) e^{−iω(y−x)} dy,
///
///     χ = A ∫ ρ' κ R dx / (Ŝ + B) ,   Ŝ = ∫ S e^{−iωx} dx ,
///     κ = (1 − e^{−(iω + 1/τ_m) s}) / (1 + iω τ_m) ,   without a reset 1 / (1 + iω τ_m) ,
///     B = A ∫ ρ' R ∫_x^∞ Q(y) e^{−iωy} dy dx ,   Q of quasi-renewal adaptation ,
///     D = (A / N) (1 − |P̂|²) / |1 − P̂|² · |Ŝ / (Ŝ + B)|² ,   P̂ = 1 − iω Ŝ .
///
/// Leaky neurons (`stationary_rates`) have the χ of `siegert_susceptibility`, and, with its Ψ, x
/// and D as above,
///
///     P̂ = e^{−iω t_ref} Ψ(x_r) / Ψ(x_th) .
///
/// Relative error of χ below 1e-10, of D below 1e-9. Stability is counted, not assumed: by how
/// often det(1 − M) winds around 0 along the imaginary axis.
///
/// \param frequencies  Hz, ≥ 0.
/// \throws DomainError  what `age_structured_rates` or `stationary_rates` refuses; frequencies
///         below 0; more than one stationary state, if none is chosen.
/// \cost About 0.3 ms a frequency and population.
/// \see Gerstner (2000), Neural Comput 12:43; Lindner, Doiron & Longtin (2005), Phys Rev E
///      72:061919; Bos, Diesmann & Helias (2016), PLoS Comput Biol 12:e1005132.
[[nodiscard]] LinearResponse linear_response(const Circuit& circuit, const VectorView& frequencies,
                                             const LinearOptions& options = {});

}  // namespace heddle
