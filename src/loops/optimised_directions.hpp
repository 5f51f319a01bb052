#pragma once

#include "heddle/core/parallel.hpp"
#include "loops/direction_cost.hpp"

namespace heddle {

struct OptimisedDirections {
    Directions at;
    int evaluations;
};

/// Minimises `direction_cost` over the directions, and over the outputs within their bounds if
/// they are free, by a limited-memory BFGS method; a weight of one sign is the square of what is
/// varied. Outputs end with columns of length 1 (orthonormal ones, where they have no bounds).
/// \param start a finite cost.
[[nodiscard]] OptimisedDirections optimise_directions(const DirectionProblem& problem,
                                                      const Directions& start, bool free_outputs,
                                                      const WeightBounds& u_bounds,
                                                      int most_evaluations,
                                                      const Progress& progress = {});

}  // namespace heddle
