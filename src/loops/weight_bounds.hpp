#pragma once

#include <string>

#include "heddle/loops/weight_rules.hpp"

namespace heddle {

/// What rules allow, as intervals lower ≤ weight ≤ upper with ends −∞, 0 and ∞; shape (n, k), empty
/// where there is no rule.
struct WeightBounds {
    Matrix lower, upper;

    [[nodiscard]] bool empty() const { return lower.size() == 0; }
    [[nodiscard]] Matrix clamped(const MatrixView& weights) const {
        return empty() ? Matrix(weights) : Matrix(weights.cwiseMax(lower).cwiseMin(upper));
    }
};

/// \param name of the weights, "u" or "v", for complaints.
/// \throws ShapeError, DomainError  naming what was found; DomainError if a loop has no connection
/// left.
[[nodiscard]] WeightBounds weight_bounds(const WeightRules& rules, Index n, Index k,
                                         const std::string& name);

/// \throws DomainError naming the first of the `weights` that the bounds do not allow.
void check_within(const WeightBounds& bounds, const MatrixView& weights, const std::string& name);

/// Random weights moved to where the bounds allow them: their sign turned, or set to zero.
[[nodiscard]] Matrix folded(const WeightBounds& bounds, const MatrixView& weights);

}  // namespace heddle
