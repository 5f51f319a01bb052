#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "heddle/core/parallel.hpp"
#include "heddle/network/network.hpp"
#include "heddle/rectified/threshold_linear.hpp"
#include "heddle/rectified/threshold_map.hpp"

namespace heddle {

/// Times are in s for networks and in steps for maps; 0 stands for the default.
struct LyapunovOptions {
    Index count = 10;             ///< How many exponents, from the largest; all if n is smaller.
    double duration = 0.0;        ///< Time averaged over; 1000 τ, or 10,000 steps.
    double transient = 0.0;       ///< Time discarded before; a fifth of the duration.
    double step = 0.0;            ///< Of Runge–Kutta; found by halving τ / 2 where 0.
    std::optional<Vector> start;  ///< x(0), shape (n,); standard normal from the seed.
    std::uint64_t seed = 0;       ///< Of x(0) and of the first tangent vectors.
    std::size_t threads = 0;      ///< 0: one per core; any number gives the same bits.
};

/// The exponents of a trajectory, with the evidence. Exponents are in 1/s, those of maps in 1/step.
/// Standard errors come from the means of batches of ten correlation times, and are not below what
/// the ends of the time averaged over leave open, which counts for periodic orbits.
struct LyapunovSpectrum {
    Vector exponents;        ///< Largest first, shape (q,); −∞ for directions that collapse.
    Vector standard_errors;  ///< Of the averages over time, shape (q,).
    std::optional<double> kaplan_yorke;  ///< Dimension; absent where q exponents do not tell it.
    std::optional<double> kaplan_yorke_error;  ///< Its standard error, to first order.
    std::optional<double> mean_trace;          ///< ⟨tr J⟩, for maps ⟨log |det J|⟩.
    std::optional<double> sum_residual;  ///< Σ λ − ⟨tr J⟩, where all exponents were asked for.
    double step_error;                   ///< Largest error of an exponent by the step, estimated.
    Vector running_times;                ///< Where the averages were noted, shape (t,).
    Matrix running;                      ///< The averages up to then, shape (q, t).
    double time;                         ///< Averaged over.
    double transient;                    ///< Discarded.
    double step;                         ///< Of the integration.
    double interval;                     ///< Between orthonormalisations.
    double correlation_time;             ///< Integrated, the longest among the exponents.
    Index batches;                       ///< Of the standard errors.
    Index steps;                         ///< Altogether.
    double condition;                    ///< Largest max R_jj / min R_jj of an interval.
    Vector final_state;                  ///< Shape (n,).
    bool trusted;                        ///< Stationary, long enough, and the checks agree.
    std::string statement;               ///< What was done, or why it is not trusted.
};

/// The largest Lyapunov exponents of τ ẋ = −x + W φ(x) + b, from tangent vectors
///
///     τ Q̇ = (−1 + W diag φ'(x)) Q ,   Q ← Q R⁻¹ after every interval ,   λ_j = ⟨log R_jj⟩ / Δt .
///
/// State and tangent vectors take the same steps of an explicit Runge–Kutta method of order 8 (for
/// a rectified response, whose slope jumps, the steps that cross a threshold have errors of random
/// sign and order 1; `input_form` and the exact flow have none). The interval keeps the condition
/// of Q near 1e5. For a linear response J is constant and x stays where it starts.
///
/// \throws ShapeError, DomainError  naming the argument.
/// \cost 12 products of W with q vectors a step and 4 n q² flops an interval: with diagonal plus
///       rank-k weights O(n k q) a step. Memory O(n q).
/// \see Benettin, Galgani, Giorgilli & Strelcyn (1980), Meccanica 15; Engelken, Wolf & Abbott
///      (2023), Lyapunov spectra of chaotic recurrent neural networks, Phys. Rev. Res. 5, 043044.
[[nodiscard]] LyapunovSpectrum lyapunov_spectrum(const Network& network,
                                                 const LyapunovOptions& options = {},
                                                 const Progress& progress = {});

/// The same along the exact flow of a threshold-linear network: within a region Q ← e^{A_σ t / τ}
/// Q, a Taylor series of its own error bound; no jump at crossings, since the velocity is
/// continuous there. `step` is a unit of time only.
/// \cost The flow, and some 5 products with A_σ of q vectors between two crossings.
[[nodiscard]] LyapunovSpectrum lyapunov_spectrum(const ThresholdLinear& system,
                                                 const LyapunovOptions& options = {},
                                                 const Progress& progress = {});

/// Of a map, from the products of its regions' matrices; orthonormalised at every step.
[[nodiscard]] LyapunovSpectrum lyapunov_spectrum(const ThresholdMap& map,
                                                 const LyapunovOptions& options = {},
                                                 const Progress& progress = {});

}  // namespace heddle
