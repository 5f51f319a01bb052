#pragma once

#include <optional>

#include "heddle/rectified/fixed_points.hpp"
#include "rectified/complementary_tableau.hpp"

namespace heddle {

/// What a search left, for the words.
struct SearchOutcome {
    Index open;        ///< Parts the budget left.
    Index unresolved;  ///< Supports that are not proven to be empty.
    bool regular;      ///< No point on a threshold, no continuum.
    bool exact;        ///< All residuals are small.
};

[[nodiscard]] std::string statement_of(const FixedPoints& found, const SearchOutcome& outcome);

/// A bound of Σ z of all solutions where a look at M tells one: M ≤ 0, or M + Mᵀ < 2 (then 1 − M is
/// a P-matrix). The indices then add up to 1.
[[nodiscard]] std::optional<double> simple_reach(const UnitProblem& problem);

}  // namespace heddle
