#pragma once

#include <functional>
#include <string>
#include <vector>

#include "heddle/rectified/cycles.hpp"

namespace heddle {

/// Networks that depend on one parameter, all of the same size: s ↦ system.
using ThresholdFamily = std::function<ThresholdLinear(double)>;

/// (1 − s) `start` + s `end`: any change of weights, bias, drive or gain along a line.
/// \throws ShapeError unless both have the same size.
[[nodiscard]] ThresholdFamily straight_line(const ThresholdLinear& start,
                                            const ThresholdLinear& end);

enum class BranchEventKind {
    persistence,     ///< A unit crosses its threshold and the branch goes on in the next region.
    nonsmooth_fold,  ///< There the branch turns back: two branches meet and end at a threshold.
    hopf_like_collision,  ///< Persistence at which a complex pair jumps across the stability
                          ///< border.
    hopf_like,            ///< A complex pair crosses the stability border within a region.
    zero_eigenvalue,      ///< A real eigenvalue does: A_σ is singular.
    to_infinity,          ///< The branch grows without bound where A_σ becomes singular.
    continuum,            ///< The branch runs at one parameter value: A_σ is singular along it.
    fold,                 ///< A multiplier passes +1.
    period_doubling,      ///< A multiplier passes −1.
    torus,                ///< A complex pair of multipliers leaves or enters the unit circle.
    border_collision,     ///< The cycle touches a threshold, and its itinerary changes.
    collapse,             ///< The cycle shrinks to a point.
    long_period,          ///< The period grows without bound, as at a homoclinic orbit.
    lost,                 ///< No branch could be followed further.
};
[[nodiscard]] const char* name_of(BranchEventKind kind);

struct BranchEvent {
    double parameter;
    BranchEventKind kind;
    Index unit;   ///< The unit at its threshold; −1 if none is.
    Index point;  ///< Of the branch, the first after it.
    std::string description;
};

struct FollowOptions {
    Index most_points = 2000;
    double largest_step = 0.02;  ///< Of the arclength, relative to the range of the parameter and
                                 ///< the size of the state.
    CycleOptions cycle{};
};

/// A branch of fixed points, A_σ(s) x + b_σ(s) = 0, through regions and folds.
struct FixedPointBranch {
    Vector parameters;              ///< s of every point, in order along the branch, shape (k,).
    Matrix points;                  ///< x, shape (n, k).
    std::vector<Support> supports;  ///< σ; at a threshold, that of the region behind it.
    Vector growth;                  ///< max Re eig A_σ / τ, 1/s, shape (k,): stable where negative.
    Vector residuals;               ///< |τ ẋ| relative to |L| |x|, or to bias and first state.
    std::vector<BranchEvent> events;
    bool complete;  ///< The branch was followed until it left the range of the parameter.
    std::string statement;
};

/// Follows a fixed point from s = `from` by pseudo-arclength until s leaves [from, to].
///
/// Where a unit reaches its threshold, the point is solved for with s as an unknown. Behind it,
/// with the rank-one change A_σ' = A_σ ± p_j q_jᵀ, the branch goes on if
///
///     det A_σ' / det A_σ = 1 ± q_jᵀ A_σ⁻¹ p_j
///
/// is positive, and turns back if it is negative.
///
/// \param initial x near the fixed point of family(from).
/// \throws DomainError if the iteration x ← −A_σ⁻¹ b_σ from `initial` finds no fixed point, or the
///         family changes size; ShapeError.
/// \cost Some LU factorisations of size n + 1 and the eigenvalues of A_σ, 10 n³, for every point.
/// \see di Bernardo, Budd, Champneys & Kowalczyk (2008), Piecewise-smooth Dynamical Systems, ch. 5.
[[nodiscard]] FixedPointBranch follow_fixed_point(const ThresholdFamily& family,
                                                  const VectorView& initial, double from, double to,
                                                  const FollowOptions& options = {},
                                                  const Progress& progress = {});

/// A branch of cycles.
struct CycleBranch {
    Vector parameters;          ///< s of every cycle, in order along the branch, shape (k,).
    std::vector<Cycle> cycles;  ///< Each with its evidence.
    std::vector<BranchEvent> events;
    bool complete;
    std::string statement;
};

/// Follows a cycle of family(from) by pseudo-arclength in states, dwell times and s until s leaves
/// [from, to]. Where the exact flow no longer follows the itinerary, the parameter is bisected, and
/// the itinerary of the true orbit is tried on both sides: behind it the cycle persists, before it
/// two cycles meet in a nonsmooth fold.
///
/// \param cycle found at s = `from`.
/// \throws DomainError unless the cycle solves the equations of family(from).
/// \cost About 9 p exponentials and the evidence of a `Cycle` for every point.
[[nodiscard]] CycleBranch follow_cycle(const ThresholdFamily& family, const Cycle& cycle,
                                       double from, double to, const FollowOptions& options = {},
                                       const Progress& progress = {});

}  // namespace heddle
