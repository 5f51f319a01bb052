#pragma once

#include <optional>

#include "heddle/linalg/types.hpp"

namespace heddle {

/// Averages of growth rates that were sampled one after another, with their standard errors: by
/// batch means, and not below the range of the partial sums' deviations from their average divided
/// by its expectation for independent samples, √(π / 2) σ √N. The latter sees what is left open at
/// the ends of the time averaged over, where rates oscillate and the batches hold whole periods.
struct ExponentStatistics {
    Vector mean;   ///< Shape (q,).
    Vector error;  ///< Standard errors, shape (q,).
    Index batches;
    double correlation;  ///< Longest integrated correlation time, in samples.
    bool long_enough;    ///< Whether ten batches of ten correlation times fit, where errors count.
    double largest_drift;  ///< Difference of the two halves' means, in its standard error.
};

/// \param rates shape (q, samples), at least two samples; rows that hold −∞ have the mean −∞ and
///        the error 0.
/// \param floor what a difference between two averages may be for reasons other than chance.
/// \see Sokal (1997), Monte Carlo methods in statistical mechanics, for the correlation time's
///      window: the first M ≥ 5 τ(M).
/// \param negligible an error so small that its own accuracy does not count.
[[nodiscard]] ExponentStatistics exponent_statistics(const Matrix& rates, double floor,
                                                     double negligible = 0.0);

/// The Kaplan–Yorke dimension k + Σ_{i ≤ k} λ_i / |λ_{k+1}| of the largest k whose sum is not
/// negative beyond its error, and its standard error, to first order.
struct KaplanYorke {
    double dimension;
    double error;
};

/// \param states n; \param tolerance by which a sum may be negative though it is zero.
/// \return nothing if fewer than n exponents were given and their sum is not negative.
[[nodiscard]] std::optional<KaplanYorke> kaplan_yorke(const Matrix& rates,
                                                      const ExponentStatistics& statistics,
                                                      Index states, double tolerance);

}  // namespace heddle
