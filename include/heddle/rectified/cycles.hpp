#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "heddle/core/parallel.hpp"
#include "heddle/rectified/threshold_flow.hpp"

namespace heddle {

/// A closed chain of regions that a cycle may follow: σ_1, and the unit that flips at the end of
/// each of the p regions.
struct CycleGuess {
    Support support;           ///< σ_1.
    std::vector<Index> units;  ///< j_1 … j_p; every unit flips an even number of times.
    Vector dwell;              ///< t_1 … t_p, s, shape (p,).
    Matrix states;             ///< x at the start of each region, shape (n, p); empty: the best
                               ///< closed orbit of these dwell times is taken.
};

/// What became of an attempt to find a cycle.
enum class CycleOutcome {
    found,            ///< It solves the equations, and the exact flow follows it.
    other_itinerary,  ///< The equations are solved, but the true orbit crosses other thresholds.
    fixed_point,      ///< The search ended in a fixed point.
    not_converged,    ///< Newton's method did not converge.
    no_recurrence,    ///< The trajectory never came back near itself: long transient or chaos.
    diverges,         ///< The trajectory grows without bound.
};
[[nodiscard]] const char* name_of(CycleOutcome outcome);

struct CycleOptions {
    Index most_steps = 20;     ///< Of Newton's method.
    Index most_rereads = 3;    ///< Times that the true itinerary is read and tried instead.
    double duration = 0.0;     ///< Longest trajectory that is searched, s; 0: 2000 τ.
    double nearness = 0.3;     ///< Returns nearer than this, relative to the spread, are tried.
    Index most_regions = 100;  ///< Longest itinerary that is tried.
    Index attempts = 4;        ///< Near-returns of one stretch of trajectory that are refined.
    ThresholdFlowOptions flow{};
};

/// A periodic orbit of a threshold-linear network:
///
///     x_{k+1} = Φ_k(t_k) x_k + g_k(t_k) ,   q_{j_k}ᵀ x_{k+1} + c_{j_k} = 0 ,   x_{p+1} = x_1 ,
///     Φ_k(t) = e^{A_k t / τ} ,   g_k(t) = ∫₀ᵗ e^{A_k s / τ} b_k ds / τ .
struct Cycle {
    CycleOutcome outcome;
    std::vector<Support> itinerary;   ///< σ_1 … σ_p.
    std::vector<Crossing> crossings;  ///< The one that ends each region; times from x_1 on, s.
    Vector dwell;                     ///< t_1 … t_p, s.
    double period;                    ///< Σ t_k, s.
    Matrix states;                    ///< x_1 … x_p, on the surfaces, shape (n, p).
    double residual;                  ///< max |x_{k+1} − Φ_k x_k − g_k| / max |x|.
    double surface_residual;  ///< max |q_{j_k}ᵀ x_{k+1} + c_{j_k}| / (‖Q‖_∞ max |x| + max |c|).
    double closure;           ///< |x(T) − x(0)| / max |x|, by the exact flow.
    /// Floquet multipliers: eigenvalues of Φ_p ⋯ Φ_1, canonical order, shape (n,). The velocity is
    /// continuous, so that crossings add nothing.
    ComplexVector multipliers;
    double trivial_error;  ///< |μ − 1| of the one along the flow, which is 1.
    double largest;        ///< max |μ| of the others.
    bool stable;           ///< largest < 1, by more than trivial_error.
    /// The least |y_j| at an extremum of an input y_j = (Q x + c)_j, relative to the largest |y_j|
    /// of the orbit: how far the nearest unit is from touching its threshold without crossing, or
    /// from no longer crossing. 0 at a border collision.
    double margin;
    Index margin_unit;  ///< That unit; −1 if there is none.
    double condition;   ///< κ₁ of Newton's equations, scaled by period and size.
    Index steps;        ///< Of Newton's method.
    bool trusted;       ///< Found, residuals and closure below 1e-9, trivial_error below 1e-6.
    std::string statement;
};

/// Newton's method on dwell times and states, in the form of multiple shooting: every region is
/// solved from its own state, and the states are eliminated, so that one system of size n + p
/// remains. Then the exact flow follows the orbit once and must meet the same crossings.
///
/// \throws ShapeError, DomainError  naming the field of the guess.
/// \cost p exponentials and 2 p n² (n + p) + (n + p)³ flops a step.
[[nodiscard]] Cycle refine_cycle(const ThresholdLinear& system, const CycleGuess& guess,
                                 const CycleOptions& options = {});

/// The cycle that the trajectory from `initial` converges to, or else the first unstable one that
/// it comes near: near-returns to a surface are refined by Newton's method, and where the true
/// itinerary of a solution is another, that one is tried.
[[nodiscard]] Cycle cycle_from(const ThresholdLinear& system, const VectorView& initial,
                               const CycleOptions& options = {}, const Progress& progress = {});

struct CycleSearchOptions {
    std::size_t starts = 32;
    std::uint64_t seed = 0;
    double spread = 1.0;  ///< Initial states ~ N(0, s²), s from 0.1 to 10 times spread · max(|c|,
                          ///< |h|), or spread if there is no bias.
    double tolerance = 1e-6;  ///< Relative, of period and states: nearer cycles are the same.
    std::size_t threads = 0;
    CycleOptions cycle{};
};

/// All that a search found. It is never exhaustive.
struct CycleSearch {
    std::vector<Cycle> cycles;           ///< Distinct, stable ones first, then by period.
    std::vector<std::size_t> starts_of;  ///< Starts that found each.
    std::size_t searches;                ///< Starts in all.
    std::size_t since_new;               ///< Starts after the last that found a new cycle.
    std::size_t fixed_points;            ///< Starts whose trajectory ended in a fixed point,
    std::size_t diverging;               ///< or grew without bound,
    std::size_t unsettled;               ///< or did neither, and not settle on a stable cycle.
    std::string statement;
};

/// Cycles from many random initial states, stable and unstable ones: trajectories pass near saddle
/// cycles before they settle. The continuous-time relative of SCYFI's search.
///
/// \throws DomainError  naming the option.
/// \see Eisenmann et al. (2023), Bifurcations and loss jumps in RNN training, NeurIPS 36.
[[nodiscard]] CycleSearch find_cycles(const ThresholdLinear& system,
                                      const CycleSearchOptions& options = {},
                                      const Progress& progress = {});

}  // namespace heddle
