#pragma once

#include "heddle/rectified/cycles.hpp"
#include "rectified/cycle_equations.hpp"

namespace heddle {

/// The path of a guess. Without states, that of the closed orbit which meets the surfaces best at
/// these dwell times.
/// \throws ShapeError, DomainError  naming the field of the guess.
[[nodiscard]] CyclePath path_of(const ThresholdLinear& system, const CycleGuess& guess);

/// The path once round, where it goes round several times.
[[nodiscard]] CyclePath primitive(const CyclePath& path);

/// The largest velocity at a crossing times the period: 0 for a fixed point.
[[nodiscard]] double path_length(const ThresholdLinear& system, const CyclePath& path);

/// All that is known of a path: residuals, multipliers, and whether the exact flow follows it.
[[nodiscard]] Cycle cycle_of(const ThresholdLinear& system, const CycleNewton& newton,
                             const CycleOptions& options);

/// A cycle that was not found: why, where the search ended.
[[nodiscard]] Cycle no_cycle(CycleOutcome outcome, const VectorView& state, std::string statement);

/// Whether two cycles are the same orbit, whatever the starts of their itineraries.
[[nodiscard]] bool same_cycle(const Cycle& a, const Cycle& b, double tolerance);

}  // namespace heddle
