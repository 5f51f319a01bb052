#pragma once

#include <optional>

#include "rectified/support_search.hpp"

namespace heddle {

/// A solution of z = [M z + q t]₊ with a given support.
struct UnitSolution {
    Vector units;   ///< z, shape (m,).
    Vector inputs;  ///< M z + q t, shape (m,).
    Support support;
    double margin;     ///< min |y_j| / max |y_j|; 0 where all inputs are 0.
    double condition;  ///< κ₁(1 − M_σσ), estimated; ∞ where it is singular.
    int index;
    bool degenerate;
    bool continuum;
    Vector direction;
};

/// What a search for supports amounts to.
struct UnitSolutions {
    std::vector<UnitSolution> solutions;  ///< By number of active units, then by the units.
    Index unresolved = 0;  ///< Supports neither with a solution nor proven to be without one.
    int index_sum = 0;
    bool regular = true;  ///< No solution lies on a threshold or in a continuum.
};

/// Solves for every support that a search left, and keeps each solution once.
[[nodiscard]] UnitSolutions solve_supports(const UnitProblem& problem,
                                           const std::vector<Support>& supports);

}  // namespace heddle
