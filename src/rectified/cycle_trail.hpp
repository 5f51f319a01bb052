#pragma once

#include <set>

#include "heddle/rectified/cycles.hpp"
#include "rectified/cycle_equations.hpp"

namespace heddle {

/// The stretch of the true orbit from the middle of the path's longest region that comes back
/// nearest; none if it does not come back.
[[nodiscard]] std::vector<CycleGuess> true_words(const ThresholdLinear& system,
                                                 const CyclePath& path,
                                                 const CycleOptions& options);

/// Newton's method on a guess; where the solution is virtual, the true itinerary of the orbit that
/// it starts is tried instead, until one is consistent or repeats.
[[nodiscard]] Cycle refined(const ThresholdLinear& system, const CycleGuess& guess,
                            const CycleOptions& options);

/// The cycles near a trajectory, and what became of it.
struct CycleTrail {
    std::vector<Cycle> cycles;  ///< Distinct, in the order in which they were found.
    CycleOutcome outcome;       ///< found: it settled on the last of `cycles`.
    Vector end;
    double scale;  ///< Of the terms of τ ẋ at the start.
    std::string statement;
    std::set<std::vector<Index>> failed;  ///< Words from which no cycle was found.
};
/// \param on_way told before every stretch; may throw to stop.
[[nodiscard]] CycleTrail cycle_trail(const ThresholdLinear& system, const VectorView& initial,
                                     const CycleOptions& options, double tolerance,
                                     const Progress& on_way = {});

/// \throws DomainError naming the option.
void check(const CycleOptions& options);

}  // namespace heddle
