#pragma once

#include "heddle/rectified/cycles.hpp"
#include "rectified/cycle_equations.hpp"

namespace heddle {

/// What the exact flow says about a path that solves the equations: it is followed once, from the
/// middle of its longest region.
struct CycleFlow {
    Vector start;       ///< Where, shape (n,).
    bool followed;      ///< It met the crossings of the path and no others.
    double closure;     ///< |x(T) − x(0)| / max |x|.
    double margin;      ///< As in Cycle.
    Index margin_unit;  ///< Likewise.
};
[[nodiscard]] CycleFlow follow_once(const ThresholdLinear& system, const CyclePath& path,
                                    const ThresholdFlowOptions& options);

}  // namespace heddle
