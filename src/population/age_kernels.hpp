#pragma once

#include <cstddef>

#include "heddle/circuit/neuron.hpp"
#include "population/lanes.hpp"

// The loops of a time step over cohorts, old to young: no branches, contiguous data.

namespace heddle::kernels {

/// What cohorts have in common in a step. Hazards are in units of 2 / h: h λ / 2.
struct AgeStep {
    double keep;               ///< exp(−h / τ_m); 0 if spikes leave V alone.
    double drive;              ///< V gains by input; without a reset V itself.
    double softness;           ///< 1 / Delta_V.
    double scale;              ///< h λ_0 / 2.
    double floor;              ///< h λ_floor / 2.
    double threshold;          ///< ϑ but for …
    const double* adaptation;  ///< … what spikes add, by cohort; nullptr: nothing.
};

struct Cohorts {
    double* mass;      ///< Expected survivors m, in neurons.
    double* variance;  ///< v.
    double* potential;
    double* hazard;  ///< h λ / 2 at the end of the last step.
};

/// Sums over cohorts: what a step found, and what it took.
struct Passage {
    double held = 0.0;      ///< Σ m as it was,
    double lost = 0.0;      ///< Σ (1 − q) m,
    double twice = 0.0;     ///< Σ (1 − q)² m,
    double variance = 0.0;  ///< Σ v as it was,
    double spread = 0.0;    ///< Σ (1 − q) v.
};

/// q = exp(−h (λ_n + λ_{n+1}) / 2):  m ← q m ,  v ← q² v + q (1 − q) m.
/// \param n  A multiple of `lanes`.
Passage age(std::size_t n, Hazard hazard, const AgeStep& step, const Cohorts& cohorts);

/// A cohort that may spike in the last part of a step only.
struct PartOfStep {
    double hazard;  ///< h λ / 2 at the end of the step.
    double q;       ///< exp(−part h (λ + λ_{n+1}) / 2), λ when it may first.
};

/// \param from, to  V when it may first, and at the end of the step.
/// \param adaptation  Of this one; `step.adaptation` is not read.
[[nodiscard]] PartOfStep age_in_part(double part, Hazard hazard, const AgeStep& step,
                                     double adaptation, double from, double to);

/// adaptation[i] = own[i] + Σ_{j < i} count[j] effect[j] + count[i] effect[i] / 2.
/// \param n  A multiple of 4.
/// \return Σ count effect over all.
double adapt(std::size_t n, const double* count, const double* effect, const double* own,
             double* adaptation);

/// Σ x, in an order that does not depend on the processor.
[[nodiscard]] double sum(std::size_t n, const double* x);

}  // namespace heddle::kernels
