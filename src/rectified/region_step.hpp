#pragma once

#include "heddle/rectified/threshold_linear.hpp"

namespace heddle {

/// x ↦ Φ x + g: what a time t within one region does.
struct RegionStep {
    Matrix propagator;  ///< Φ = e^{A_σ t / τ}.
    Vector drift;       ///< g = ∫₀ᵗ e^{A_σ s / τ} b_σ ds / τ.
};

/// By one exponential of size n + 1, so that A_σ may be singular; t of either sign.
[[nodiscard]] RegionStep region_step(const ThresholdLinear& system, const Support& support,
                                     double t);

/// The support with one unit's bit flipped.
[[nodiscard]] Support flipped(Support support, Index unit);

}  // namespace heddle
