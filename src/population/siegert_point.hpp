#pragma once

#include "heddle/linalg/types.hpp"

namespace heddle {

/// One leaky neuron and the mean and noise of what it receives; units as in `LeakyDrive`.
struct SiegertPoint {
    double mu;
    double sigma;
    double tau_m;
    double V_th;
    double V_reset;
    double t_ref;
    double tau_s = 0.0;  ///< Correlation time of the noise, ms; 0: white.

    /// By how much V_th and V_reset move, in units of σ: (α / 2) √(τ_s / τ_m).
    [[nodiscard]] double shift() const;
};

struct SiegertValue {
    double rate;        ///< Hz.
    double d_mu;        ///< Hz / mV.
    double d_sigma;     ///< Hz / mV.
    double d_variance;  ///< ∂ rate / ∂ σ², Hz / mV²: finite also for σ → 0.
};

/// σ = 0 is the limit: the charging membrane, silent for μ ≤ V_th.
[[nodiscard]] SiegertValue siegert_at(const SiegertPoint& point);

/// With the rate expanded to first order in the shift, in place of shifted thresholds.
[[nodiscard]] SiegertValue taylor_at(const SiegertPoint& point);

/// Of `rate` Hz, at frequency `f` Hz; Hz / mV.
[[nodiscard]] Complex susceptibility_at(const SiegertPoint& point, double rate, double f);

/// A neuron of `rate` Hz by the Laplace transforms at λ (1/ms) of what follows a spike.
struct SiegertResponse {
    Complex survival;        ///< ∫ S e^{−λx} dx = (1 − P̂) / λ, S the part that has been silent, ms.
    Complex susceptibility;  ///< To a modulation e^{λt} of μ, Hz / mV.
};

/// \param lambda  right of −escape_rate(point).
[[nodiscard]] SiegertResponse response_at(const SiegertPoint& point, double rate, Complex lambda);

/// How fast, 1/ms, the last of many neurons that have not reached threshold do: P̂(λ) has its first
/// pole at minus that. At most 10 / τ_m.
[[nodiscard]] double escape_rate(const SiegertPoint& point, double rate);

}  // namespace heddle
