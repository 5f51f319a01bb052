#pragma once

#include <vector>

#include "population/moment_map.hpp"

namespace heddle {

/// A state with F(x) = x, and how it was found.
struct MomentSolution {
    Vector state;
    std::vector<double> history;  ///< Largest |F − m| of mean rates at each step, Hz.
    ComplexVector eigenvalues;    ///< Of ∂F/∂x.
    bool converged;
};

/// Newton's method from silence with differences for the Jacobian, its steps halved until the
/// residual falls; where that ends, implicit steps of dx/ds = F(x) − x come first.
[[nodiscard]] MomentSolution solve_moments(const MomentMap& map, Index most_steps);

}  // namespace heddle
