#pragma once

#include "heddle/core/parallel.hpp"
#include "heddle/rectified/threshold_linear.hpp"
#include "rectified/complementary_tableau.hpp"

namespace heddle {

/// All supports that a complementarity problem may be solved with.
struct SupportSearch {
    std::vector<Support> supports;  ///< Those that could not be proven empty, in order of the
                                    ///< search.
    Index nodes = 0;                ///< Partial supports that were looked at.
    Index pruned = 0;               ///< Those that were proven empty.
    Index open = 0;                 ///< Those that the budget left.
    /// Where rays are sought and none is: no solution with q instead has a larger Σ z.
    double reach = 0.0;
    double bound;  ///< No solution with Σ z below this is missing: least of all proofs; may be ∞.
};

/// Branch and bound: a unit is active (w_j = 0) or silent (z_j = 0); the units that are not decided
/// yet keep w_j, z_j ≥ 0 alone. What then has no point is cut off with its Farkas certificate, once
/// that has been verified in floating point; the unit that violates w_j z_j = 0 most is decided
/// next.
///
/// Open parts are worked on in rounds of fixed size, so that neither the order nor the budget
/// depends on the number of threads.
[[nodiscard]] SupportSearch search_supports(const UnitProblem& problem, Index most_nodes,
                                            std::size_t threads, const Progress& progress);

}  // namespace heddle
