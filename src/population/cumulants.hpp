#pragma once

#include <vector>

#include "heddle/circuit/distribution.hpp"

namespace heddle {

/// Of a number that differs between neurons or synapses; those of independent numbers add up.
struct Cumulants {
    double mean = 0.0;
    double variance = 0.0;
    double third = 0.0;  ///< Third central moment.

    Cumulants& operator+=(const Cumulants& other);
    /// Of `factor` times the number.
    [[nodiscard]] Cumulants times(double factor) const;
    /// 0 where nothing differs.
    [[nodiscard]] double skewness() const;
    /// ⟨x²⟩ and ⟨x³⟩.
    [[nodiscard]] double second_moment() const;
    [[nodiscard]] double third_moment() const;
};

/// \throws DomainError for a Lorentzian without both ends of its interval.
[[nodiscard]] Cumulants cumulants_of(const Distribution& law);

/// Of given numbers, each as likely.
[[nodiscard]] Cumulants cumulants_of(const std::vector<double>& values);

/// Of numbers with weights whose sum is 1.
[[nodiscard]] Cumulants cumulants_of(const double* values, const double* weights, std::size_t n);

/// Of the number of successes among n trials.
[[nodiscard]] Cumulants binomial_cumulants(double n, double p);

}  // namespace heddle
