#pragma once

#include <vector>

#include "heddle/linalg/types.hpp"

namespace heddle {

/// For each fraction f a time t at which what is left of a random state falls below f:
///
///     E |x(t)|² / E |x(0)|² = ‖e^{A t}‖_F² / n = f² ,   ẋ = A x ,   x(0) ~ N(0, I)
///
/// The crossing is bracketed by products of e^{A h 2ʲ} to a width of h / 8 and found there by the
/// cubic through the logarithm's values and exact slopes: for smooth decay to about 1e-6 of t.
/// Where a slowly rotating rest makes the norm cross f several times, it is one of the crossings.
///
/// \param a shape (n, n), nonempty; h = 1 is one unit of 1 / A, so that a network's time
///        constant should be that unit: A = W + U Vᵀ − I.
/// \param fractions each above 0 and below 1.
/// \return In the unit of 1 / A, one for each fraction; ∞ if the norm has not fallen to it at 2³⁰ h
///         or overflows before: A is not stable, or barely.
/// \throws ShapeError; DomainError if a fraction is out of range.
/// \cost An exponential and about 2 (3 + log₂ t) + 2 products of 2 n³ flops for each fraction.
[[nodiscard]] std::vector<double> decay_times(const MatrixView& a,
                                              const std::vector<double>& fractions);

}  // namespace heddle
