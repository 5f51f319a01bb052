#pragma once

#include <array>
#include <cstddef>

#include "population/age_kernels.hpp"

// The loop of a time step over cohorts whose neurons differ by noise of their own.

namespace heddle::kernels {

/// Correlation times of a population's noise, at most.
inline constexpr std::size_t most_colours = 2;
inline constexpr std::size_t most_pairs = most_colours * (most_colours + 1) / 2;

/// Noise of one correlation time: x, mV, that moves the membrane by τ_m V̇ = −V + x, over a step.
struct Colour {
    double keep;    ///< x ← keep x; V gains
    double on_v;    ///< on_v x.
    double power;   ///< Variance of x as the step begins, mV²,
    double gain;    ///< what new noise adds to it,
    double with_v;  ///< and to its covariance with V.
};

struct NoiseStep {
    double keep;  ///< exp(−h / τ_m).
    double gain;  ///< What new noise adds to the variance of V, mV².
    std::size_t colours;
    std::array<Colour, most_colours> colour;
};

/// What is known of the neurons of a cohort. Without spikes their V and x would be Gaussian, V
/// about `Cohorts::potential`, with these means and variances:
struct FreeNoise {
    double* v;                                 ///< Variance of V, mV²; that of x is all neurons'.
    std::array<double*, most_colours> mean;    ///< Of x, mV.
    std::array<double*, most_colours> with_v;  ///< Covariance of x with V, mV².
};

/// and those that are left are that Gaussian times a polynomial of second degree. With y = (V, x)
/// about its mean, sums over them, in neurons:
struct Survivors {
    double* zeroth;                             ///< Σ 1,
    double* first_v;                            ///< Σ V,
    double* second_v;                           ///< Σ V² − v Σ 1,
    std::array<double*, most_colours> first_x;  ///< Σ x,
    std::array<double*, most_colours> mixed;    ///< Σ V x − Cov Σ 1,
    std::array<double*, most_pairs> second_x;   ///< Σ x x' − Cov Σ 1: 00, 01, 11.
};

/// Sums over those that spike, as above; about a mean x of 0.
struct Spiking {
    double zeroth = 0.0;
    double v = 0.0;  ///< Of the variance v that their V would have if nobody spiked, mV².
    std::array<double, most_colours> first_x{};
    std::array<double, most_pairs> second_x{};
};

/// Noise moves, and then λ takes from the three nodes of Gauss and Hermite, V̄ and V̄ ± √(3 v), what
/// exp(−h λ) leaves; half of it belongs to the next step. `cohorts.hazard` is not read.
/// \param n  A multiple of `lanes`.
Passage age_noisy(std::size_t n, Hazard hazard, const AgeStep& step, const NoiseStep& noise,
                  const Cohorts& cohorts, const FreeNoise& free, const Survivors& survivors,
                  Spiking& spiking);

}  // namespace heddle::kernels
