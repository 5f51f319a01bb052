#pragma once

#include <limits>
#include <string>

namespace heddle {

/// The law of a number that differs between neurons or synapses and stays as drawn (quenched).
///
///     constant    x = location
///     normal      mean `location`, standard deviation `scale`
///     lognormal   mean `location` (its sign is the sign of every x), standard deviation `scale`:
///                 log |x| has variance ln(1 + scale² / location²)
///     lorentzian  median `location`, half width at half maximum `scale`; has no mean
///     uniform     on (low, high)
///
/// What falls outside [low, high] is drawn again, so the law is that of x given low ≤ x ≤ high.
struct Distribution {
    enum class Kind { constant, normal, lognormal, lorentzian, uniform };

    Kind kind = Kind::constant;
    double location = 0.0;
    double scale = 0.0;
    double low = -std::numeric_limits<double>::infinity();
    double high = std::numeric_limits<double>::infinity();

    friend bool operator==(const Distribution&, const Distribution&) = default;
};

/// \throws DomainError naming `what`: scale < 0 or not finite, low ≥ high, a lognormal at 0, an
///         interval that holds less than 1 % of the law (drawing again would not end).
void validate(const Distribution& distribution, const std::string& what);

/// P(x ≤ bound), interval included. \cost O(1).
[[nodiscard]] double probability_below(const Distribution& distribution, double bound);

/// The x with P(x ≤ x_p) = p, 0 < p < 1: how every x is drawn.
[[nodiscard]] double quantile(const Distribution& distribution, double p);

/// The mean of x, interval included.
/// \throws DomainError for a Lorentzian without both ends of its interval: it has no mean.
[[nodiscard]] double mean_of(const Distribution& distribution);

}  // namespace heddle
