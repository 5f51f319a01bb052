#pragma once

#include "heddle/network/loops.hpp"
#include "heddle/network/network.hpp"

namespace heddle {

/// What white noise on the initial state does to the readouts of a network with its loops open.
struct ReadoutDeviation {
    double deviation;  ///< Expected root mean square deviation over [0, T], all channels together.
    double activity;   ///< I_x = ∫₀ᵀ |x|² dt, s.
    double response;   ///< I_y = ∫₀ᵀ ‖C e^{A t}‖_F² dt, s.
};

/// Any number of loops and outputs, from the weights alone: with A = (W + U Vᵀ − 1) / τ,
///
///     deviation = p √(I_x I_y) / (√n T) ,   I_x = x₀ᵀ G(1) x₀ ,   I_y = tr G(Cᵀ C) ,
///     G(Q) = ∫₀ᵀ e^{Aᵀ t} Q e^{A t} dt
///
/// for x(0) = x₀ + ξ, ξ ~ N(0, σ²), σ² = p² I_x / (n T): p times the root mean square activity of a
/// unit. No eigenvectors are used, and A need not be stable.
///
/// \param loops with τ_T = 0. \param initial_state x₀ as a deviation from the fixed point, shape
/// (n,). \param duration T > 0, s. \param noise p ≥ 0.
/// \throws ShapeError, DomainError.
/// \cost Two `noise_step`s of one time constant, about 80 n³ flops each, and 4 (d + 1) n² T / τ.
/// \see Logiaco, Abbott & Escola (2021), Cell Reports 35(9):109090, Eqs. 22–23; Antoulas (2005),
/// Approximation of Large-Scale Dynamical Systems, ch. 4 (finite Gramians).
[[nodiscard]] ReadoutDeviation readout_deviation(const Network& network, const Loops& loops,
                                                 const VectorView& initial_state, double duration,
                                                 double noise = 1.0);

}  // namespace heddle
