#pragma once

#include <string>

#include "heddle/core/parallel.hpp"
#include "heddle/rectified/threshold_linear.hpp"

namespace heddle {

/// A fixed point of a threshold-linear network.
struct FixedPoint {
    Vector state;               ///< x, shape (n,).
    Vector units;               ///< z = [Q x + c]₊, shape (m,).
    Support support;            ///< The active units.
    double residual;            ///< ‖L x + P z + h‖∞ at x, relative to its largest term.
    double margin;              ///< min_j |y_j| / max_j |y_j| of the inputs y = Q x + c.
    ComplexVector eigenvalues;  ///< Of A_σ = L + P_σ Q_σ, shape (n,); rates are these over τ.
    double abscissa;            ///< Their largest real part.
    bool stable;                ///< Abscissa below 0, and the state is inside its region.
    int index;                  ///< sign det(1 − M_σσ); 0 where it is singular.
    double condition;           ///< κ₁(1 − M_σσ), estimated.
    bool degenerate;            ///< On a threshold: other supports have the same state.
    bool continuum;             ///< One of a segment or ray of fixed points with this support.
    Vector direction;           ///< Along which, in units, shape (m,), largest entry 1; else empty.
};

struct FixedPointOptions {
    Index most_nodes = 20'000'000;  ///< The budget of each search.
    /// Whether to search for the rays z = [M z]₊ and for the fixed points at q = −1 too, where no
    /// closed form tells the sum of the indices; each with twice the nodes the points took, or
    /// 200,000 if that is more.
    bool parity = true;
    std::size_t threads = 0;  ///< 0: one per core. Any number gives the same bits.
};

/// All fixed points, and how far that is proven.
struct FixedPoints {
    std::vector<FixedPoint> points;  ///< By number of active units, then by the units.
    bool complete;                   ///< Proven: no other has Σ z below `bound`.
    double bound;                    ///< May be ∞.
    bool bounded;   ///< Proven: none at all has a larger Σ z, so that `bound` is no restriction.
    Index nodes;    ///< Partial supports that were looked at, in all searches.
    Index pruned;   ///< Those proven to hold no fixed point.
    int index_sum;  ///< Σ of the indices of the points.
    int degree;     ///< What it must be, if `degree_known`.
    bool degree_known;
    bool trusted;           ///< Complete, accurate, and of the right sum where that is known.
    std::string statement;  ///< All this in words.
};

/// All solutions of z = [M z + q]₊ (see `UnitEquations`), by branch and bound on supports: a unit
/// is active (z_j = y_j ≥ 0), silent (z_j = 0 ≥ y_j) or undecided (z_j ≥ y_j, z_j ≥ 0). Where these
/// inequalities contradict each other no fixed point has such a support; the multipliers that say
/// so are verified in floating point with all rounding errors counted, so that the list is proven
/// to be complete for M and q as they are represented.
///
/// If z = [M z]₊ for z = 0 alone, the indices sgn det(1 − M_σσ) of the fixed points add up to the
/// same degree for every q at which none lies on a threshold. It is 1 where M ≤ 0 or where
/// M + Mᵀ < 2, and is else found from q = −1.
///
/// A budget that ends early leaves `complete` false and the points that were found.
/// \throws ShapeError, DomainError  as `unit_equations`; if `most_nodes` < 1.
/// \cost About 20 pivots of m² multiplications a node. Random CTLNs of 40 units take 10⁵ nodes,
///       random weights of gain 1 and 60 units 10⁵ to 10⁶.
/// \see Cottle, Pang & Stone (2009), The Linear Complementarity Problem, for the degree (6.1).
[[nodiscard]] FixedPoints fixed_points(const ThresholdLinear& system,
                                       const FixedPointOptions& options = {},
                                       const Progress& progress = {});

}  // namespace heddle
