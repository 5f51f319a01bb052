#pragma once

#include "heddle/circuit/neuron.hpp"
#include "heddle/core/parallel.hpp"
#include "heddle/linalg/types.hpp"

namespace heddle {

/// Where tables are computed: equally spaced μ and σ (mV), and frequencies (Hz) for the fits.
struct CascadeGrid {
    Vector mu;
    Vector sigma;
    Vector f;
};

/// With d = V_th − E_L (V_th − V_reset where that is not positive): μ from E_L − 3 d to
/// E_L + 20/3 d at 291 values, σ from 0.15 d to 1.5 d at 46, f from 0.25 to 1000 Hz at 40 of equal
/// ratio: the range of Augustin et al. (2017) in units of d, with more room for adaptation.
/// \throws DomainError for neurons that are neither leaky nor exponential.
[[nodiscard]] CascadeGrid default_cascade_grid(const Neuron& neuron);

/// What low-dimensional rate models need of a neuron, over (μ, σ); matrices of shape (μ, σ).
struct CascadeTables {
    Neuron neuron;
    Vector mu;              ///< mV.
    Vector sigma;           ///< mV.
    Vector f;               ///< Hz.
    Matrix rate;            ///< r_∞, Hz.
    Matrix mean_potential;  ///< V_∞, mV.
    Matrix tau_mu;          ///< Of the exponential that filters μ, ms.
    Matrix tau_sigma;       ///< Of that which filters σ; 0 where a rising σ lowers the rate, ms.
    Matrix tau;             ///< Decay time of the damped oscillator that filters μ, ms,
    Matrix omega;           ///< and its frequency, 1 / ms.
    Matrix exponential_misfit;  ///< Root mean square of |fit − χ_μ(f) / χ_μ(0)| over f.
    Matrix oscillator_misfit;
    ComplexMatrix lambda_1;  ///< As in `diffusion_modes`, 1 / ms.
    ComplexMatrix lambda_2;
    ComplexMatrix mu_coupling_1;     ///< f_1 c_1 to μ, Hz / mV, as in `diffusion_modes`,
    ComplexMatrix mu_coupling_2;     ///< f_2 c_2,
    ComplexMatrix sigma_coupling_1;  ///< and to σ.
    ComplexMatrix sigma_coupling_2;
    double rate_error;           ///< Largest distance of r_∞ from that of the finer grid of V, Hz.
    double interpolation_error;  ///< Largest error of r_∞ as models read it, at centres of cells,
                                 ///< Hz.
    Index lost_modes;            ///< Pairs without both λ; they have −1 / τ_m and −2 / τ_m.
};

struct CascadeTablesOptions {
    std::size_t threads = 1;  ///< 0: one per core; any number gives the same bits.
};

/// Stationary rate, mean potential, fitted response and slowest modes of a leaky or exponential
/// neuron in white noise (`diffusion_response`, `diffusion_modes`). With c(f) = χ(f) / χ(0),
///
///     tau_mu, tau_sigma:  least ∫ |1 / (1 + 2πi f τ) − c(f)|² df ,
///     tau, omega:         least Σ_f |(1 + u²)(1 + s) / ((1 + s)² + u²) − c(f)|² ,
///                         s = 2πi f τ ,  u = omega τ ,
///
/// the integral by trapezoids over f, the sum over f as given (equal weight for equal ratios, which
/// keeps a resonance in sight). Silent neurons have τ_m.
///
/// \throws DomainError, ShapeError  naming the argument: spacing that is not equal, fewer than four
///         values, σ ≤ 0, f that do not increase from above 0.
/// \cost About a millisecond a pair.
/// \see Augustin, Ladenbauer, Baumann & Obermayer (2017), PLoS Comput Biol 13:e1005545; Ostojic &
///      Brunel (2011), PLoS Comput Biol 7:e1001056.
[[nodiscard]] CascadeTables cascade_tables(const Neuron& neuron, const CascadeGrid& grid,
                                           const CascadeTablesOptions& options = {},
                                           const Progress& progress = {});

}  // namespace heddle
