#pragma once

#include "heddle/loops/robust_loop.hpp"

namespace heddle {

/// The loop u, |u| = 1, and what can be measured on it; the fields that tell of its optimisation
/// are left empty.
[[nodiscard]] RobustLoop with_evidence(const Network& network, const RobustProblem& problem,
                                       const VectorView& u, const RobustLoopOptions& options);

}  // namespace heddle
