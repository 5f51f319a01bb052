#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "heddle/equations/rate_equations.hpp"
#include "heddle/linalg/types.hpp"

namespace heddle {

struct RateSolveOptions {
    double duration = 1000.0;  ///< ms.
    double step = 0.1;         ///< ms between samples; at most the least delay.
    double tolerance = 1e-6;   ///< Of each state, over its largest absolute value; > 0. With
                               ///< infinity, steps are step / 2 whatever the error.
    Vector initial;            ///< Shape (n,); that of the equations if empty.
    bool silent_past = false;  ///< Delayed values were 0 before t = 0, not those of the start.
};

/// A solution in time.
struct RateTrajectory {
    std::vector<std::string> names;             ///< Of populations.
    std::vector<std::string> state_names;       ///< Shape (n,).
    std::vector<std::string> definition_names;  ///< Shape (d,).
    Vector times;                               ///< ms, shape (m,).
    Matrix rates;                               ///< Of populations, Hz, shape (P, m).
    Matrix states;                              ///< Shape (n, m).
    Matrix definitions;                         ///< Shape (d, m).
    Vector error;       ///< Of each state: the largest difference over time to a solution with
                        ///< twice the step, shape (n,).
    double step;        ///< ms between samples.
    double inner_step;  ///< ms, of the method.
};

/// Solves the equations by the classical Runge–Kutta method; before t = 0 delayed values were those
/// of the initial state, or 0. They are interpolated with the cubic that has the values and slopes
/// at two grid points; a step sees the mean of an input. The error is O(inner_step⁴) if delays and
/// the times of inputs are multiples of it, else O(inner_step²) from the kinks inside steps. Steps
/// are halved, from step / 2 to step / 256, until the solution differs from that with twice the
/// step by less than the tolerance; that difference is `error`, and larger than the error itself,
/// which is 1 / 15 (1 / 3) of it.
///
/// \throws ShapeError; DomainError for a step that is not positive or above a delay, and where the
///         solution leaves what a definition is declared to be (`least`), with the time.
/// \throws NotConverged if step / 256 does not reach the tolerance.
/// \cost 8 right-hand sides an inner step; the history of all delayed values.
[[nodiscard]] RateTrajectory solve(const RateEquations& equations,
                                   const RateSolveOptions& options = {});

/// A state at which nothing changes.
struct RateFixedPoint {
    Vector state;               ///< Shape (n,).
    Vector definitions;         ///< Shape (d,).
    double residual;            ///< max |velocity|, per ms.
    ComplexVector eigenvalues;  ///< The n rightmost λ of perturbations ∝ e^{λ t}, 1/s, delays
                                ///< included; canonical order.
    std::string stability;      ///< "stable", "unstable" or "marginal".
    std::string kind;           ///< "node", "focus" (leading pair complex), "saddle".
    bool certified;             ///< Is it proven to exist, as the only one in a box around it?
};

struct RateFixedPoints {
    std::vector<RateFixedPoint> points;  ///< By rising rate of the first population.
    bool complete;                       ///< Are these all, in the box that was searched?
    Index boxes;                         ///< That a proof looked at.
    Index undecided;                     ///< Boxes that may hold more.
    std::string statement;               ///< In a sentence.
};

struct RateFixedPointOptions {
    double time = 0.0;             ///< ms at which inputs are held.
    double largest_rate = 1000.0;  ///< Hz: rates are looked for from 0 to this.
    /// Where to look for other states and definitions, by name: least and largest.
    std::map<std::string, std::pair<double, double>> box;
    Index starts = 256;         ///< Of Newton's method.
    Index most_boxes = 100000;  ///< That a proof may take; 0: no proof.
    std::uint64_t seed = 0;
};

/// The fixed points, with their stability. States that enter their own equation linearly are
/// eliminated, one after another, until only as many unknowns are left as loops demand: a rate and
/// a variance for each rate unit. For these
///
/// - Newton's method runs from many starts in the box,
/// - and boxes are divided: those whose interval values exclude a zero are dropped; where the
///   interval Newton operator of Krawczyk maps a box into itself there is exactly one zero. If no
///   box is left, `complete` is a proof, rounding included.
///
/// Unknowns without bounds get them from their own formulas where these are bounded, and from
/// `options.box` otherwise.
///
/// Delays make infinitely many eigenvalues. Those of the generator on a Chebyshev grid are starting
/// points of Newton's method on det(λ − A − Σ b_k c_kᵀ e^{−λ d_k}) = 0.
///
/// \throws DomainError for options out of range.
/// \cost O(k³) for each step of each start and each box, k unknowns; eigenvalues of a matrix of
///       size n + 32 (delayed values) for each point, or more where delays are long.
/// \see Krawczyk (1969), Computing 4:187; Neumaier (1990), Interval Methods for Systems of
///      Equations; Breda, Maset & Vermiglio (2005), SIAM J Sci Comput 27:482, for the grid.
[[nodiscard]] RateFixedPoints fixed_points(const RateEquations& equations,
                                           const RateFixedPointOptions& options = {});

/// Stability and kind by eigenvalues.
void classify(RateFixedPoint& point);

}  // namespace heddle
