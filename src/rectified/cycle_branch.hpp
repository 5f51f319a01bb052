#pragma once

#include <optional>
#include <string>
#include <vector>

#include "rectified/cycle_equations.hpp"
#include "rectified/family.hpp"

namespace heddle {

/// A cycle on a branch and the direction in which it is followed, in the unknowns (dx_1 / size,
/// dt / period, ds / width).
struct CyclePoint {
    double s;
    CyclePath path;
    Cycle cycle;
    Vector tangent;  ///< Unit 2-norm, shape (n + p + 1,).
};

/// The equations of a cycle with the parameter among the unknowns.
class CycleEquations final {
  public:
    CycleEquations(const Family& family, const CycleOptions& options)
        : family_(family), options_(options) {}

    /// The cycle of this itinerary at s, to be followed to higher s if `direction` is positive.
    [[nodiscard]] CyclePoint point(double s, const CyclePath& guess, double direction) const;
    /// A step along the branch; nothing if Newton's method does not converge nearby.
    [[nodiscard]] std::optional<CyclePoint> corrected(const CyclePoint& from, double length) const;

  private:
    /// How gaps and surfaces change with s / width, and the rows of Newton's equations.
    struct Rows {
        CycleDefect defect;
        Matrix gaps_along;
        Vector surfaces_along;
        CycleRows rows;
    };
    [[nodiscard]] Rows rows_at(double s, const CyclePath& path) const;
    [[nodiscard]] Vector tangent_at(double s, const CyclePath& path, const Vector& previous) const;

    const Family& family_;
    CycleOptions options_;
};

[[nodiscard]] CyclePath path_of_cycle(const Cycle& cycle);
/// Outside the unit circle, the one along the flow left out.
[[nodiscard]] Index unstable_multipliers(const Cycle& cycle);
/// The one nearest to the unit circle, the one along the flow left out.
[[nodiscard]] Complex critical_multiplier(const Cycle& cycle);
/// The unit nearest to touching its threshold, or the one that is about to cross with another.
[[nodiscard]] Index colliding_unit(const Cycle& cycle);
/// max over the shorter path's states of the distance to the other's nearest.
[[nodiscard]] double orbit_distance(const CyclePath& a, const CyclePath& b);
[[nodiscard]] std::string collision_text(const Cycle& before, const Cycle& after, Index unit,
                                         bool behind);
/// The path without the regions that a unit enters and leaves again at once; nothing if it has
/// none.
[[nodiscard]] std::optional<CyclePath> without_touches(CyclePath path);
/// The word of crossings without regard to where it starts.
[[nodiscard]] std::vector<Index> canonical_word(const std::vector<Index>& units);

}  // namespace heddle
