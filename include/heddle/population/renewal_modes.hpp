#pragma once

#include <vector>

#include "heddle/circuit/neuron.hpp"

namespace heddle {

/// How a population of neurons that spikes do not reset comes to rest at each potential, shapes
/// with m potentials and n pairs of modes.
struct RenewalModes {
    Vector rate;                ///< F, Hz, shape (m,).
    ComplexMatrix eigenvalues;  ///< λ_k with Im λ > 0, slowest first, 1/s, shape (n, m).
    ComplexMatrix drive;        ///< c_k0, Hz / mV, shape (n, m).
    /// c_kl, 1 / mV, shape (n, 2 n) at each potential: l over the pairs, then their conjugates.
    std::vector<ComplexMatrix> mixing;
};

/// The modes of neurons with hazard ν = f(V − V_T_star) after a refractory period D = t_ref. All
/// see one potential h(t); by the ages of its neurons the population is a linear operator, with
///
///     P̂(λ_k) = 1 ,   P̂ = ν e^{−λD} / (ν + λ) :   λ_k = −ν + W_k(ν D e^{νD}) / D ,
///
/// W_k branch k of Lambert's function, k = 1 … n. Expanded in its eigenfunctions the activity is
///
///     A = F(h) + 2 Re Σ α_k ,   F = ν / (1 + νD) ,
///     α̇_k = λ_k α_k − ḣ (c_k0 + Σ_l c_kl α_l) ,
///
/// exactly for n → ∞ and every h(t): a static nonlinearity whose rate of change excites damped
/// rhythms near k / D.
///
/// \param potential h, mV, shape (m,).
/// \throws DomainError  for neurons with a reset (their potential depends on age), without a
///         refractory period (A = F(h) follows at once), a hazard of 0, or pairs outside 1 … 100.
/// \cost O(m n²).
/// \see Pietras, Gallice & Schwalger (2020), Phys Rev E 102:022407.
[[nodiscard]] RenewalModes renewal_modes(const EscapeNeuron& neuron, const VectorView& potential,
                                         Index pairs = 1);

/// The activity by some modes, with its evidence.
struct ModeRates {
    Vector activity;    ///< A at the times of the potential, Hz, shape (m,).
    Vector stationary;  ///< F(h) there, Hz.
    double last;        ///< Largest 2 |Re α| of the last pair, Hz: of the size of what is left out.
    double step_error;  ///< Largest |A − A with half the step|, Hz.
};

/// The activity of such neurons as h runs linearly between given values, from rest at the first, in
/// steps of the second order: each pair of modes is two ordinary differential equations.
///
/// \param potential h at times 0, step, 2 step, …, mV, shape (m,), m ≥ 2.
/// \param step      ms.
/// \throws DomainError  as renewal_modes; ShapeError for less than two values.
/// \cost O(m n²).
[[nodiscard]] ModeRates mode_rates(const EscapeNeuron& neuron, const VectorView& potential,
                                   double step, Index pairs = 1);

}  // namespace heddle
