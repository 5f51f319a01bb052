#pragma once

#include <string>

#include "heddle/core/parallel.hpp"
#include "heddle/rectified/threshold_linear.hpp"

namespace heddle {

/// A rectified unit that becomes active or silent.
struct Crossing {
    double time;  ///< s.
    Index unit;
    bool active;  ///< Afterwards.
};

struct ThresholdFlowOptions {
    Index most_crossings = 100'000;  ///< The budget; more of them are called an event storm.
    /// Largest error a step may add, relative to the largest state met so far: series are cut
    /// where a bound of what is left falls below it.
    double tolerance = 1e-15;
    /// Inputs whose extremum comes this near to the threshold, relative to the largest input of the
    /// unit met so far, are reported as grazing.
    double grazing = 1e-9;
};

/// An exact trajectory of a threshold-linear network.
struct ThresholdFlow {
    Vector times;                     ///< Where states were asked for, s, shape (t,).
    Matrix states;                    ///< x at those times, shape (n, t).
    std::vector<Crossing> crossings;  ///< By rising time.
    Matrix crossing_states;           ///< x at the crossings, shape (n, number of crossings).
    std::vector<Crossing> grazings;   ///< Extrema that touched a threshold without crossing it.
    Support initial_support;          ///< Just after the start.
    Support final_support;            ///< At the end.
    double reached = 0.0;             ///< The last time that was reached, s.
    bool complete = false;            ///< Whether that is the last time asked for.
    std::string statement;            ///< Why not, in words; else what was done.
    double truncation = 0.0;          ///< Bound of all truncated remainders in a state, relative.
    double backward_error = 0.0;  ///< ‖R Λ R⁻¹ − L‖_F / ‖L‖_F of the coordinates; 0 for L itself.
    Index steps = 0;              ///< Series that were summed.
    Index products = 0;           ///< Products with the dynamics.
};

/// Follows the network from x(0) = `initial` through `times`, exactly but for rounding. Within a
/// region the flow is summed as a series with a bound of its remainder,
///
///     x(t) = Σ_p x_p t^p ,   x_1 = (A_σ x_0 + b_σ) / τ ,   x_{p+1} = A_σ x_p / (τ (p + 1)) ,
///
/// in coordinates in which L is diagonal where these are well conditioned; every unit's input is a
/// polynomial, whose first zero is found by subdivision of its Bernstein form, so that no pair of
/// crossings is missed. There the unit's bit flips: a rank-one change of A_σ.
///
/// \param times not falling, the first ≥ 0, s.
/// \throws ShapeError, DomainError  naming the argument.
/// \cost About 30 products for a step of some τ or for the time between two crossings, if that is
///       shorter; O(n m) each where L is diagonalised, which costs 25 n³ once.
[[nodiscard]] ThresholdFlow threshold_flow(const ThresholdLinear& system, const VectorView& initial,
                                           const VectorView& times,
                                           const ThresholdFlowOptions& options = {},
                                           const Progress& progress = {});

}  // namespace heddle
