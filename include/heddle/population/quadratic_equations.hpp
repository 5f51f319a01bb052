#pragma once

#include "heddle/circuit/circuit.hpp"
#include "heddle/equations/rate_equations.hpp"

namespace heddle {

struct QuadraticEquationOptions {
    Index slices = 1;  ///< Of every population that adapts.
};

/// Rate equations of quadratic neurons with independent noise, and with adaptation of their own.
///
/// **Noise** of strength σ. The characteristic function of the potentials, ln⟨e^{ikV}⟩ =
/// −W k − U k² / 2 − … for k > 0, has W = x − i v, x = π τ ϱ (ϱ = r / 1000 per ms), and with
/// U = g + i h, the second pseudo-cumulant, and none beyond it,
///
///     τ ẋ = D + 2 x v + h                   τ ġ = 4 (v g − x h) + σ²
///     τ v̇ = v² + η + I − x² + g             τ ḣ = 4 (x g + v h)
///
/// At σ = 0 these are the exact equations of `quadratic_rates`. The definition K = |U| / |W|² says
/// how much is left out; stationary rates without coupling were found within 2 % of
/// `quadratic_rate` up to K = 0.1, and within 12 % at any K.
///
/// **Slices.** A population that adapts is cut into M parts of equal weight, each with its own r,
/// v, a, and noise; its rate is their mean. Seen from (η, Δ), a Lorentzian law is the uniform law
/// on a circle, and part m the Poisson kernel of radius ϱ_M around one of M equally spaced points,
///
///     η_m + i Δ_m = η + i Δ (1 + z_m) / (1 − z_m) ,   z_m = −ϱ_M e^{2πi (m − (M + 1) / 2) / M} ,
///
/// so that the density of the mixture is Lorentzian to a relative 2 ϱ_M^M / (1 − ϱ_M^M). With
/// ϱ_M = 0.02^{1 / (M − 1)} (0 for M = 1) that is below 4.1 % for all M, and parts become narrower
/// as 1 / M. What is left is adaptation by the part's rate in place of a neuron's own spikes. With
/// many parts the starts of `fixed_points` may all miss.
///
/// \throws DomainError as `quadratic_rates`, noise apart; slices < 1.
/// \cost O(slices · (populations + projections)).
/// \see Goldobin, di Volo & Torcini (2021), Phys Rev Lett 127:038301, for pseudo-cumulants; Gast,
///      Schmidt & Knösche (2020), Neural Comput 32:1615, for slices (with other parts).
[[nodiscard]] RateEquations quadratic_equations(const Circuit& circuit,
                                                const QuadraticEquationOptions& options = {});

/// The stationary rate of quadratic neurons with Lorentzian excitabilities and noise, Hz:
///
///     1000 x / (π τ) ,   x − i v = −c Ai'(d) / Ai(d) ,   c = (σ² / 2)^{1/3} e^{iπ/6} ,
///                        d = (η + i Δ) / c²
///
/// since F(k) = ⟨e^{ikV}⟩ then obeys F'' = (η + i Δ + i σ² k / 2) F. Exact for infinitely many
/// neurons whose input does not change; in a network, with its stationary I and D.
///
/// \param eta    median of η + I.
/// \param delta  half width, ≥ 0; > 0 unless sigma is.
/// \param sigma  ≥ 0.
/// \param tau_m  ms.
/// \throws DomainError naming the parameter.
/// \cost At most 48 Taylor steps. x has an error of about 1e-13 |x − i v|.
[[nodiscard]] double quadratic_rate(double eta, double delta, double sigma, double tau_m = 10.0);

}  // namespace heddle
