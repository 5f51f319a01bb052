#pragma once

#include "equations/periodic.hpp"
#include "heddle/equations/oscillation.hpp"

namespace heddle {

/// A small oscillation around a Hopf point, and the direction in which it grows.
struct OscillationStart {
    PeriodicSolution solution;
    PeriodicSolution direction;  ///< A difference; empty profile if there is none.
};
[[nodiscard]] OscillationStart start_at_hopf(const RateEquations& equations, std::size_t parameter,
                                             const OscillationOptions& options,
                                             const CollocationMesh& mesh);

/// The oscillation that solutions settle to. \throws DomainError if there is none.
[[nodiscard]] OscillationStart start_from_solution(const RateEquations& equations,
                                                   std::size_t parameter,
                                                   const OscillationOptions& options,
                                                   const CollocationMesh& mesh);

}  // namespace heddle
