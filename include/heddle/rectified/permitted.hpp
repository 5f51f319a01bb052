#pragma once

#include <string>
#include <vector>

#include "heddle/rectified/threshold_linear.hpp"

namespace heddle {

/// Whether some input makes a set of units the support of a stable fixed point.
struct Permission {
    bool permitted;   ///< All eigenvalues of A_σ = L + P_σ Q_σ have Re < 0.
    double abscissa;  ///< Their largest real part.
};

/// For a fully rectified network: permitted iff W_σσ has Re λ < 1. For symmetric W subsets of
/// permitted sets are permitted and supersets of forbidden ones are forbidden.
/// \throws ShapeError, DomainError  naming the argument.
/// \cost About 10 n³ flops.
/// \see Hahnloser, Seung & Slotine (2003), Neural Computation 15:621.
[[nodiscard]] Permission permission(const ThresholdLinear& system, const Support& support);

/// Permitted sets of a symmetric network that no unit can be added to.
struct PermittedSets {
    std::vector<Support> maximal;  ///< In lexicographic order.
    bool complete;                 ///< No larger sets and none past the budget.
    Index sets;                    ///< Permitted sets that were looked at.
    std::string statement;
};

struct PermittedSetsOptions {
    Index most_units = 0;  ///< Largest set to list; 0: any. Sets that could grow past it are not
                           ///< maximal and not listed.
    Index most_sets = 1'000'000;  ///< The budget.
};

/// All maximal permitted sets of symmetric weights W, shape (n, n): σ is permitted iff 1 − W_σσ is
/// positive definite. Sets grow by a row of their Cholesky factor; since subsets of permitted sets
/// are permitted, a unit that cannot be added now cannot be added later.
/// \throws ShapeError, DomainError  naming the argument.
/// \cost k² a candidate at sets of k units, for each permitted set.
[[nodiscard]] PermittedSets maximal_permitted_sets(const MatrixView& weights,
                                                   const PermittedSetsOptions& options = {});

}  // namespace heddle
