#pragma once

#include "train/tasks/timeline.hpp"

/// What reaches and saccades share: a target on a circle, a cue to wait for, an end point.
namespace heddle {

/// When a trial turns, in steps, and where to.
struct PointingTrial {
    double angle;  ///< rad.
    Index delay;   ///< Steps.
    Index go;      ///< Step from which on the cue to wait is off.
};

/// Angle by draw 0: one of `directions`, or any for 0.
[[nodiscard]] double draw_angle(Index directions, const TrialRandom& random);

/// \throws DomainError unless directions ≥ 0 and tolerance > 0.
void check_pointing(Index directions, double tolerance);

/// Conditions angle (rad) and delay (s).
[[nodiscard]] TrialConditions pointing_conditions(const std::vector<PointingTrial>& trials,
                                                  double h);

/// End points: the mean of the last `samples` outputs against the last target, within `radius`; and
/// no output beyond `radius` while input 2 is on.
[[nodiscard]] TaskScore pointing_score(const TrainingTask& task, const MatrixView& outputs,
                                       Index samples, double radius);

}  // namespace heddle
