#pragma once

#include "heddle/rectified/fixed_points.hpp"

namespace heddle {

/// What a search left, for the words.
struct SearchOutcome {
    Index open;        ///< Parts the budget left.
    Index unresolved;  ///< Supports that are not proven to be empty.
    bool regular;      ///< No point on a threshold, no continuum.
    bool exact;        ///< All residuals are small.
};

[[nodiscard]] std::string statement_of(const FixedPoints& found, const SearchOutcome& outcome);

/// Whether z = [M z]₊ for z = 0 alone and the indices add up to 1, by a look at M: M ≤ 0, or
/// M + Mᵀ < 2 (then 1 − M is a P-matrix).
[[nodiscard]] bool has_degree_one(const Matrix& m);

}  // namespace heddle
