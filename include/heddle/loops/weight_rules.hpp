#pragma once

#include "heddle/linalg/types.hpp"

namespace heddle {

/// Which weights a loop may have: the signs that Dale's law gives the units, and the connections
/// that are there at all. Shape (n, k), or (n, 1) for what is the same for every loop; empty where
/// there is no rule.
struct WeightRules {
    Eigen::MatrixXi signs;    ///< 1: ≥ 0; −1: ≤ 0; 0: either.
    Eigen::MatrixXi present;  ///< 1: may be there; 0: is absent.

    [[nodiscard]] bool empty() const { return signs.size() == 0 && present.size() == 0; }
};

}  // namespace heddle
