#pragma once

#include "heddle/linalg/types.hpp"

namespace heddle {

/// Leaky neurons and the diffusion that drives them,
///
///     τ_m V̇ = −V + μ + √τ_m σ ξ ;   V ≥ V_th: spike, V ← V_reset for t_ref .
///
/// Each shape (n,), or (1,) for what all share.
struct LeakyDrive {
    Vector mu;       ///< Mean of the free potential, mV.
    Vector sigma;    ///< Its variance is σ² / 2 in white noise; mV, > 0.
    Vector tau_m;    ///< ms, > 0.
    Vector V_th;     ///< mV.
    Vector V_reset;  ///< mV, below V_th.
    Vector t_ref;    ///< ms, ≥ 0.
};

/// Rates and how they follow the input, each shape (n,).
struct SiegertRates {
    Vector rate;     ///< Hz.
    Vector d_mu;     ///< ∂ rate / ∂ μ, Hz / mV.
    Vector d_sigma;  ///< ∂ rate / ∂ σ, Hz / mV.
};

/// The stationary rate in white noise, exact:
///
///     1 / r = t_ref + τ_m √π ∫ f(x) dx   from y_r to y_th ,   y = (V − μ) / σ ,
///     ∂r/∂μ = (r² τ_m √π / σ) [f(y_th) − f(y_r)] ,   f(x) = e^{x²} (1 + erf x) ,
///     ∂r/∂σ = (r² τ_m √π / σ) [y_th f(y_th) − y_r f(y_r)] .
///
/// Both brackets are integrals of what is positive, and are taken as such. Relative error below
/// 1e-12 for the rate and 1e-11 for its derivatives, given y to working precision; no overflow: a
/// neuron that is silent for ever has rate 0, and for σ → 0 the rate is that of the charging
/// membrane.
///
/// \throws ShapeError, DomainError  naming the argument, what was found, what would work.
/// \cost 0.1 to 0.3 µs a neuron.
/// \see Siegert (1951), Phys Rev 81:617; Brunel (2000), J Comput Neurosci 8:183.
[[nodiscard]] SiegertRates siegert_rates(const LeakyDrive& drive);

/// In noise of correlation time τ_s, τ_s ẋ = −x + √τ_m σ ξ, to first order in √(τ_s / τ_m):
///
///     V_th, V_reset ← V_th, V_reset + (α / 2) √(τ_s / τ_m) σ ,   α = √2 |ζ(1/2)| .
///
/// The derivative to σ includes that of the shift. The error of the theory is of order τ_s / τ_m.
///
/// \param tau_s ms, ≥ 0, shape (n,) or (1,).
/// \throws As siegert_rates.
/// \see Brunel & Sergi (1998), J Theor Biol 195:87; Fourcaud & Brunel (2002), Neural Comput
///      14:2057; Schuecker, Diesmann & Helias (2015), Phys Rev E 92:052119.
[[nodiscard]] SiegertRates shifted_siegert_rates(const LeakyDrive& drive, const VectorView& tau_s);

/// The same to the same order, with the rate in place of the thresholds expanded:
///
///     r = r_0 − (α / 2) √(τ_s / τ_m) σ ∂r_0/∂μ ,   r_0 in white noise; may become negative.
///
/// \throws As siegert_rates.
/// \see Fourcaud & Brunel (2002), Neural Comput 14:2057.
[[nodiscard]] SiegertRates taylor_siegert_rates(const LeakyDrive& drive, const VectorView& tau_s);

/// The response of the rate to a modulation of μ, r(t) = r + Re(χ(f) ε e^{2πi f t}) for
/// μ + ε cos 2πf t: with s = i 2πf τ_m and x = √2 y, y shifted as above,
///
///     χ = (√2 / σ) r / (1 + s) · [Ψ'(x_th) − Ψ'(x_r)] / [Ψ(x_th) − e^{−2πi f t_ref} Ψ(x_r)] ,
///     Ψ(x) = e^{x²/4} D_{−s}(−x) ,   Ψ'' = x Ψ' + s Ψ ,
///
/// D Whittaker's parabolic cylinder function. χ(0) = ∂r/∂μ, and χ → (√2 r / σ) / √s for f → ∞.
/// Exact in white noise; to first order in √(τ_s / τ_m) in coloured noise, at frequencies well
/// below 1 / (2π τ_s). The filter 1 / (1 + 2πi f τ_s) of a synapse through which the modulation
/// comes is not included.
///
/// R = Ψ' / (s Ψ) comes from a continued fraction for x ≤ −3 and from Taylor steps to the right of
/// it, in which it is stable. Relative error below 1e-10. Rates below 1e-290 Hz count as 0.
///
/// \param f Hz, at most 1e9, shape (m,).
/// \return Hz / mV, shape (n, m).
/// \throws As siegert_rates.
/// \cost Per neuron and frequency a few thousand complex operations, at high f growing as √f.
/// \see Lindner & Schimansky-Geier (2001), Phys Rev Lett 86:2934, with t_ref; Schuecker, Diesmann &
///      Helias (2015), Phys Rev E 92:052119.
[[nodiscard]] ComplexMatrix siegert_susceptibility(const LeakyDrive& drive, const VectorView& tau_s,
                                                   const VectorView& f);

}  // namespace heddle
