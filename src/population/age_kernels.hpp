#pragma once

#include <cstddef>

#include "heddle/circuit/neuron.hpp"

// The loops of a time step over cohorts, old to young: no branches, contiguous data.

namespace heddle::kernels {

/// What cohorts have in common in a step. Hazards are in units of 2 / h: h λ / 2.
struct AgeStep {
    double keep;             ///< exp(−h / τ_m); 0 if spikes leave V alone.
    double drive;            ///< V gains by input; without a reset V itself.
    double softness;         ///< 1 / Delta_V.
    double scale;            ///< h λ_0 / 2.
    double floor;            ///< h λ_floor / 2.
    double threshold;        ///< ϑ but for …
    const double* own;       ///< … what its last spike adds, by cohort; nullptr: nothing,
    const double* previous;  ///< … and what the spikes before add.
};

/// Cohorts; what is written only is a step's scratch.
struct Cohorts {
    double* mass;      ///< Expected survivors m, in neurons.
    double* variance;  ///< v.
    double* potential;
    double* hazard;       ///< h λ / 2 at the end of the last step.
    double* lost;         ///< Written: what m loses in the step.
    double* lost_spread;  ///< Written: (1 − q) v,
    double* lost_twice;   ///< and (1 − q)² m.
};

/// q = exp(−h (λ_n + λ_{n+1}) / 2):  m ← q m ,  v ← q² v + q (1 − q) m.
void age(std::size_t n, Hazard hazard, const AgeStep& step, const Cohorts& cohorts);

/// previous[i] = Σ_{j < i} count[j] kernel[j] + count[i] kernel[i] / 2. `n` is a multiple of 4.
void sum_before(std::size_t n, const double* count, const double* kernel, double* previous);

/// Σ x, in an order that does not depend on the processor.
[[nodiscard]] double sum(std::size_t n, const double* x);

}  // namespace heddle::kernels
