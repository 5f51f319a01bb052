#pragma once

#include <functional>

#include "heddle/linalg/types.hpp"

namespace heddle {

struct Winding {
    Index number;         ///< Zeros less poles to the right of the line.
    Index evaluations;    ///< Of f.
    double largest_turn;  ///< Largest change of arg f between neighbouring points, rad.
};

/// Zeros less poles of f in the half plane Re λ > `line`, by the argument principle: how often
/// f(line + iω) winds around 0 as ω runs from ∞ to −∞, for an f with f(λ̄) = conj f(λ) and f → 1 as
/// |λ| → ∞ on the right.
///
/// With f(λ) = det(1 − Vᵀ (λ − W)⁻¹ U), whose zeros are the eigenvalues of W + U Vᵀ and whose poles
/// those of W, this counts what the loops add beyond a line without computing a spectrum.
///
/// \param step of ω up to |ω| = 1, growing as ω² beyond; each is halved until arg f turns by less
///        than π / 4. Two zeros less than a step apart and nearer than that to the line could hide
///        behind each other.
/// \throws DomainError if step is not positive; NotConverged if f comes so near to zero on the line
///         that its turns cannot be resolved, or does not tend to 1.
[[nodiscard]] Winding winding_number(const std::function<Complex(Complex)>& f, double line,
                                     double step = 0.02);

}  // namespace heddle
