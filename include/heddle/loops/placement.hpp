#pragma once

#include <cstdint>
#include <limits>
#include <string>

#include "heddle/core/parallel.hpp"
#include "heddle/loops/weight_rules.hpp"
#include "heddle/network/loops.hpp"
#include "heddle/network/network.hpp"
#include "heddle/spectrum/weights_resolvent.hpp"

namespace heddle {

enum class PlacementMethod {
    least_gain,  ///< V of least norm from the resolvent; no eigendecomposition.
    spectral,    ///< The published rank-one formula, for comparison.
};

/// `automatic`: see `solver_for`.
using PlacementSolver = WeightsSolver;

enum class DirectionChoice {
    dealt,      ///< One loop holds a mode: targets are dealt to the loops in turn.
    optimised,  ///< All loops hold all modes, so that gain and condition are least.
};

enum class Freeze {
    nothing,
    rest,  ///< All eigenvalues of W but the nearest to the targets stay where they are.
};

struct PlacementOptions {
    Index loops = 1;  ///< k.
    Matrix u;         ///< Given loop outputs, shape (n, k); empty: N(0, 1/n), drawn from `seed`, or
                      ///< optimised with the directions.
    Matrix v;         ///< Given loop inputs, shape (n, k): U is found instead.
    PlacementMethod method = PlacementMethod::least_gain;
    DirectionChoice directions = DirectionChoice::dealt;
    double condition_weight = 0.5;  ///< w of optimised directions: gain^(1 − w) κ^w is least.
    int most_evaluations = 300;     ///< Of that cost.
    Freeze freeze = Freeze::nothing;
    WeightRules u_rules, v_rules;                                 ///< Dale's law and sparsity.
    double norm_limit = std::numeric_limits<double>::infinity();  ///< Largest |u_c| |v_c| of a
                                                                  ///< loop.
    double thalamic_tau = 0.0;                                    ///< τ_T, s.
    double delay = 0.0;                                           ///< D, s.
    double tolerance = 1e-8;     ///< Largest error that still counts as placed.
    bool whole_spectrum = true;  ///< Measure the errors on all eigenvalues of the closed network
                                 ///< (dgeev), not by the two-sided residual alone; `dense` only.
    std::uint64_t seed = 0;
    PlacementSolver solver = PlacementSolver::automatic;
    std::size_t threads = 0;  ///< For `krylov`, one a loop, and `structured`, one a target; 0: one
                              ///< a core.
};

/// Loops that give the network the eigenvalues one asks for.
struct Placement {
    Loops loops;            ///< u and v, shapes (n, k); the loop matrix is u vᵀ.
    ComplexVector targets;  ///< λ^des, shape (m,), as requested.
    Vector error;  ///< |λ_i − λ_i^des| of the closed network, shape (m,): measured, not assumed.
    Vector condition;        ///< κ_i: first-order shift of target i per unit ‖δ(u vᵀ)‖₂.
    double gain;             ///< ‖u vᵀ‖_F.
    double solve_condition;  ///< κ₂ of the (scaled) least-norm system for v.
    Index outliers;  ///< Eigenvalues that the loops add right of all targets and of Re λ = 1,
                     ///< by the argument principle; −1 where they were not counted.
    double abscissa = std::numeric_limits<double>::quiet_NaN();  ///< max Re of the closed network's
                                                                 ///< spectrum; NaN unless
                                                                 ///< whole_spectrum.
    double drift = std::numeric_limits<double>::quiet_NaN();     ///< Largest shift of an eigenvalue
                                                                 ///< that was to stay; NaN if none
                                                                 ///< was.
    Index evaluations = 0;                                       ///< Of the cost of directions.
    bool feasible = true;  ///< Loops that obey the rules and limits hold all modes; if not, these
                           ///< are the nearest that do obey.
    bool trusted;        ///< Every error is below the tolerance, and so is the shift to expect from
                         ///< rounding u vᵀ, ε max κ_i gain / n.
    std::string reason;  ///< Why not, and how many loops would do; empty if trusted.
};

/// Places `targets` with k loops, least gain first.
///
///     r_i = (λ_i^des − W)⁻¹ U g_i ,   V the least-norm solution of  Vᵀ r_i = θ_i g_i  for all i
///
/// so that (W + U Vᵀ) r_i = λ_i^des r_i, where θ_i = (1 + ε μ_i) e^{D μ_i}, μ_i = λ_i^des − 1, is 1
/// for loops without time constant and delay (spectrum/thalamic_lag.hpp).
///
/// *Directions.* `dealt`: the targets, ordered by |Im|, are dealt to the loops in turn: g_i is the
/// unit vector of loop i mod k, so neighbours never share a loop. `optimised`: g_i, and U if it is
/// not given, minimise gain^(1 − w) κ^w by a limited-memory BFGS method with the exact gradient, κ
/// the root mean square of all κ_i, from the dealt ones. A target may stand there up to k times: it
/// becomes a semisimple eigenvalue.
///
/// *The rest.* Frozen, V is confined to the left eigenvectors of as many eigenvalues of W, the
/// nearest to the targets: all others stay where they are, for a gain that grows steeply with
/// their number.
///
/// *Rules.* Signs, absent weights and a largest |u_c| |v_c|: V is the least-norm one that obeys
/// them. If none does, the result is the one nearest in least squares, `feasible` is false, and
/// `error` says how far its eigenvalues are from the targets.
///
/// *Given V*, for example a readout: U is found, as the V of the transposed network.
///
/// `spectral` is the published formula u = R diag(Rᵀ v)⁻¹ P⁺ 1, P_ij = 1 / (λ_i^des − λ_j), for one
/// loop and random v.
///
/// With a thalamic time constant, eigenvalues are those of cortex and thalamus together; with a
/// delay there are infinitely many: errors then are two-sided residuals, and what lies right of all
/// targets and of Re λ = 1 is counted by the argument principle.
///
/// With the solver `krylov` no matrix is formed or decomposed: one Krylov space of W for each loop
/// output serves all targets, one of Wᵀ for each loop input the conditions, and what the loops add
/// to the right of the targets is counted on det(1 − Vᵀ (λ − W)⁻¹ U) along a line 0.01 beyond them.
/// With `structured` the responses are exact ones by the parts of W (`resolvent_of`), also inside
/// the hull of the spectrum; the outliers are counted in Krylov spaces where those reach the line.
///
/// \param targets λ^des, shape (m,), closed under conjugation, none more than k times, none an
///        eigenvalue of W.
/// \param progress told of evaluations, of at most `most_evaluations`.
/// \throws ShapeError, DomainError  naming the argument, what was found, what would work.
///         NotConverged, naming the target, if a Krylov space does not reach it.
/// \cost `dense`: one Hessenberg reduction, then O(k n²) a target; with whole_spectrum 10 n³ more;
///       optimised directions 28 n³ and 32 n² m an evaluation.
///       `krylov`: 2 k spaces of some hundred products with W and 8 n bytes each.
///       `structured`: two solves of `resolvent_of` a target, and k spaces for the count.
/// \see Logiaco, Abbott & Escola (2021), Cell Reports 35(9):109090, Eqs. 2, 10, 12; Kautsky,
/// Nichols & Van Dooren (1985), Int. J. Control 41(5) (directions).
[[nodiscard]] Placement place_eigenvalues(const Network& network, const ComplexVectorView& targets,
                                          const PlacementOptions& options = {},
                                          const Progress& progress = {});

}  // namespace heddle
