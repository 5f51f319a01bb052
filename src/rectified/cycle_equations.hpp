#pragma once

#include <vector>

#include "heddle/rectified/threshold_linear.hpp"
#include "rectified/region_step.hpp"

namespace heddle {

/// A closed chain of regions with the states at their starts, solution or not.
struct CyclePath {
    std::vector<Support> itinerary;  ///< σ_1 … σ_p.
    std::vector<Index> units;        ///< j_1 … j_p.
    Vector dwell;                    ///< s, shape (p,).
    Matrix states;                   ///< Shape (n, p).

    [[nodiscard]] Index regions() const noexcept { return dwell.size(); }
    [[nodiscard]] double period() const { return dwell.sum(); }
};

/// How far a path is from being a cycle, and the linear map of each region.
struct CycleDefect {
    std::vector<RegionStep> maps;
    Matrix gaps;      ///< Φ_k x_k + g_k − x_{k+1}, shape (n, p).
    Vector surfaces;  ///< q_{j_k}ᵀ x_{k+1} + c_{j_k}, shape (p,).
    double size;      ///< max |x|, for relative residuals; 1 if that is 0.
    double input;     ///< ‖Q‖_∞ size + max |c|, likewise.

    [[nodiscard]] double gap() const { return gaps.cwiseAbs().maxCoeff() / size; }
    [[nodiscard]] double surface() const { return surfaces.cwiseAbs().maxCoeff() / input; }
    [[nodiscard]] double total() const { return gap() + surface(); }
};
[[nodiscard]] CycleDefect cycle_defect(const ThresholdLinear& system, const CyclePath& path);

/// The rows of Newton's equations in the unknowns (dx_1 / size, dt / period, further columns):
/// closure, then surfaces. The states of the other regions are eliminated.
struct CycleRows {
    Matrix matrix;  ///< Shape (n + p, n + p + columns).
    Vector value;   ///< −defect, shape (n + p,).
};

/// \param along derivatives of `gaps` and `surfaces` by one further unknown; none if empty.
[[nodiscard]] CycleRows cycle_rows(const ThresholdLinear& system, const CyclePath& path,
                                   const CycleDefect& defect, const Matrix& gaps_along = {},
                                   const Vector& surfaces_along = {});

/// All unknowns after the scaled step (dx_1, dt); `step` may go on with further unknowns, whose
/// part in the gaps is `gaps_along` times `further`.
[[nodiscard]] CyclePath stepped(const ThresholdLinear& system, const CyclePath& path,
                                const CycleDefect& defect, const Vector& step, double fraction,
                                const Matrix& gaps_along = {}, double further = 0.0);

/// Φ_p ⋯ Φ_1.
[[nodiscard]] Matrix monodromy(const CycleDefect& defect);

/// What Newton's method reached.
struct CycleNewton {
    CyclePath path;
    CycleDefect defect;
    double condition;
    Index steps;
    bool converged;
};
[[nodiscard]] CycleNewton solve_cycle(const ThresholdLinear& system, CyclePath path,
                                      Index most_steps);

}  // namespace heddle
