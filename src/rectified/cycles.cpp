#include "heddle/rectified/cycles.hpp"

#include "linalg/checks.hpp"
#include "rectified/cycle_evidence.hpp"
#include "rectified/cycle_trail.hpp"

namespace heddle {

const char* name_of(CycleOutcome outcome) {
    switch (outcome) {
        case CycleOutcome::found:
            return "found";
        case CycleOutcome::other_itinerary:
            return "other itinerary";
        case CycleOutcome::fixed_point:
            return "fixed point";
        case CycleOutcome::not_converged:
            return "not converged";
        case CycleOutcome::no_recurrence:
            return "no recurrence";
        case CycleOutcome::diverges:
            break;
    }
    return "diverges";
}

Cycle refine_cycle(const ThresholdLinear& system, const CycleGuess& guess,
                   const CycleOptions& options) {
    validate(system);
    check(options);
    CycleOptions once = options;
    once.most_rereads = 0;
    return refined(system, guess, once);
}

Cycle cycle_from(const ThresholdLinear& system, const VectorView& initial,
                 const CycleOptions& options, const Progress& progress) {
    constexpr double tolerance = 1e-6;
    validate(system);
    check(options);
    require_shape(initial, system.states(), 1, "initial");
    require_finite(initial, "initial");
    const CycleTrail trail = cycle_trail(system, initial, options, tolerance, progress);
    if (trail.outcome == CycleOutcome::found) return trail.cycles.back();
    if (trail.cycles.empty()) return no_cycle(trail.outcome, trail.end, trail.statement);
    Cycle passed = trail.cycles.front();
    passed.statement +=
        " The trajectory passes near it and does not settle on it. " + trail.statement;
    return passed;
}

}  // namespace heddle
