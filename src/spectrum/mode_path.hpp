#pragma once

#include <vector>

#include "spectrum/mode_equation.hpp"

namespace heddle {

/// A place where a mode met another one, which one is not known here.
struct PathMeeting {
    double gate;    ///< The middle of the way round.
    double radius;  ///< Of that way, in g.
    Complex value;  ///< At its beginning.
};

/// One mode from g = 0 to g = 1.
struct ModePath {
    ModePoint end;
    std::vector<PathMeeting> meetings;
    bool found = false;  ///< Whether it reached g = 1.
};

/// \param most largest `distance` of neighbouring points.
[[nodiscard]] ModePath follow_mode(ModeEquation& equation, Index mode, double most);

}  // namespace heddle
