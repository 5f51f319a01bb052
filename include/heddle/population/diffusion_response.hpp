#pragma once

#include "heddle/circuit/neuron.hpp"
#include "heddle/core/parallel.hpp"
#include "heddle/linalg/types.hpp"

namespace heddle {

/// Rates of neurons in white noise and how they follow it, one row for each pair (μ, σ).
struct DiffusionResponse {
    Vector rate;                   ///< Hz, shape (n,); below 1e-290 Hz: 0.
    Vector mean_potential;         ///< ⟨V⟩, refractory neurons at V_reset, mV.
    Vector cv;                     ///< Of intervals between spikes.
    Vector d_mu;                   ///< ∂ rate / ∂μ, Hz / mV.
    Vector d_sigma;                ///< ∂ rate / ∂σ, Hz / mV.
    ComplexMatrix mu_response;     ///< χ_μ(f), Hz / mV, shape (n, m).
    ComplexMatrix sigma_response;  ///< χ_σ(f), Hz / mV.
    Vector rate_error;             ///< |rate − that of the finer grid|, Hz.
    Vector response_error;         ///< Largest |χ − that of the finer grid| over f, Hz / mV.
};

struct DiffusionResponseOptions {
    std::size_t threads = 1;  ///< 0: one per core; any number gives the same bits.
};

/// Stationary density and linear response of leaky and exponential neurons in white noise,
///
///     τ_m V̇ = μ − V + ψ(V) + √τ_m σ ξ ,   ψ = Delta_T exp((V − V_th) / Delta_T), or 0 (leaky) ,
///     ∂_t p = −∂_V J ,   τ_m J = (μ − V + ψ) p − (σ² / 2) ∂_V p ,
///     p = 0 and J = r at V_peak (leaky: V_th);  J jumps by r(t − t_ref) at V_reset.
///
/// μ holds all that is constant: E_L, I_e, and −w / g_L of adaptation, which is thus frozen; τ_m is
/// C_m / g_L. For μ + ε cos 2πft the rate is r + Re(χ_μ ε e^{2πift}), and so for σ.
///
/// Equations are integrated down from V_peak, where both p and J are known up to r, with exact
/// exponentials of the drift in each cell (Richardson 2007): p_k = e^{−z} p_{k+1} + gain J at
/// nodes, J at the faces between them, both ends and V_reset being nodes. A sweep with unit flux
/// and one driven by the modulation each leave flux below the lowest node, and the response is what
/// makes it 0. The error is of order h² (h by σ, Delta_T, μ and the highest frequency); grids h and
/// h / 2 give an extrapolated value, and its distance from that of h / 2 is the error stated.
///
/// \param neuron  LeakyNeuron or ExponentialNeuron; E_L, I_e, a, b, tau_w, E_w are not used.
/// \param mu      mV, shape (n,) or (1,).
/// \param sigma   mV, > 0; as in `Noise`: the free potential has variance σ² / 2.
/// \param f       Hz, ≥ 0, shape (m,); may be empty.
/// \param progress  told of pairs; may throw to stop.
/// \throws DomainError, ShapeError  naming the argument, what was found, what would work.
/// \cost Per pair some 10³ cells, with 24 flops for each frequency, eight of them at a time.
/// \see Richardson (2007), Phys Rev E 76:021919; Scharfetter & Gummel (1969), IEEE Trans Electron
///      Devices 16:64.
[[nodiscard]] DiffusionResponse diffusion_response(const Neuron& neuron, const VectorView& mu,
                                                   const VectorView& sigma, const VectorView& f,
                                                   const DiffusionResponseOptions& options = {},
                                                   const Progress& progress = {});

/// The two slowest modes of density and rate, each shape (n,).
struct DiffusionModes {
    ComplexVector first;     ///< λ_1, 1 / ms: rightmost but 0, Im ≥ 0.
    ComplexVector second;    ///< λ_2: conjugate of a complex λ_1, else the next real one.
    Vector error;            ///< Largest distance from the finer grid, 1 / ms; infinite: not found.
    ComplexVector first_mu;  ///< f_1 c_1 to μ, Hz / mV,
    ComplexVector first_sigma;  ///< and to σ;
    ComplexVector second_mu;    ///< f_2 c_2.
    ComplexVector second_sigma;
};

/// Eigenvalues λ of the Fokker–Planck operator of `diffusion_response`: density and rate that grow
/// as e^{λt} with what is reset t_ref later. They are roots of the flux that a sweep with unit flux
/// at V_peak leaves below the lowest node. Newton's method starts from the eigenvalues next to 0 of
/// the generator on the same grid (by shift and invert; refractoriness as a chain of stages), each
/// pair (μ, σ) on its own: no mode is followed, and none taken for another.
///
/// What a change of input excites of a mode, seen in the rate, is f c: the response is
///
///     χ(f) = ∂r/∂μ + Σ_n f_n c_n s / (s − λ_n) ,   s = 2πi f ,
///
/// so f_n c_n is its residue at λ_n over λ_n, taken from the sweeps of the response there.
///
/// \throws As diffusion_response.
/// \cost About a millisecond a pair.
/// \see Knight, Omurtag & Sirovich (2000), Neural Comput 12:1045; Mattia & Del Giudice (2002), Phys
///      Rev E 66:051917.
[[nodiscard]] DiffusionModes diffusion_modes(const Neuron& neuron, const VectorView& mu,
                                             const VectorView& sigma,
                                             const DiffusionResponseOptions& options = {},
                                             const Progress& progress = {});

}  // namespace heddle
