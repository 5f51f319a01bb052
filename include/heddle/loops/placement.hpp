#pragma once

#include <cstdint>
#include <string>

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

struct PlacementOptions {
    Index loops = 1;  ///< k.
    Matrix u;         ///< Given loop outputs, shape (n, k); empty: N(0, 1/n), drawn from `seed`.
    PlacementMethod method = PlacementMethod::least_gain;
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
    Index outliers;      ///< Eigenvalues that the loops add right of all targets and of Re λ = 1,
                         ///< by the argument principle; −1 where they were not counted.
    double abscissa;     ///< max Re of the closed network's spectrum; NaN unless whole_spectrum.
    bool trusted;        ///< Every error is below the tolerance, and so is the shift to expect from
                         ///< rounding u vᵀ, ε max κ_i gain / n.
    std::string reason;  ///< Why not, and how many loops would do; empty if trusted.
};

/// Places `targets` with k loops, least gain first.
///
///     r_i = (λ_i^des − W)⁻¹ U g_i ,   V the least-norm solution of  Vᵀ r_i = g_i  for all i
///
/// so that (W + U Vᵀ) r_i = λ_i^des r_i. The targets, ordered by |Im|, are dealt to the loops in
/// turn: g_i is the unit vector of loop i mod k, so neighbours never share a loop. `spectral` is
/// the published formula u = R diag(Rᵀ v)⁻¹ P⁺ 1, P_ij = 1 / (λ_i^des − λ_j), for one loop and
/// random v.
///
/// With the solver `krylov` no matrix is formed or decomposed: one Krylov space of W for each loop
/// output serves all targets, one of Wᵀ for each loop input the conditions, and what the loops add
/// to the right of the targets is counted on det(1 − Vᵀ (λ − W)⁻¹ U) along a line 0.01 beyond them.
/// With `structured` the responses are exact ones by the parts of W (`resolvent_of`), also inside
/// the hull of the spectrum; the outliers are counted in Krylov spaces where those reach the line.
///
/// \param targets λ^des, shape (m,), closed under conjugation, distinct, none an eigenvalue of W.
/// \throws ShapeError, DomainError  naming the argument, what was found, what would work.
///         NotConverged, naming the target, if a Krylov space does not reach it.
/// \cost `dense`: one Hessenberg reduction, then O(k n²) a target; with whole_spectrum 10 n³ more.
///       `krylov`: 2 k spaces of some hundred products with W and 8 n bytes each.
///       `structured`: two solves of `resolvent_of` a target, and k spaces for the count.
/// \see Logiaco, Abbott & Escola (2021), Cell Reports 35(9):109090, Eqs. 2, 10, 12.
[[nodiscard]] Placement place_eigenvalues(const Network& network, const ComplexVectorView& targets,
                                          const PlacementOptions& options = {});

}  // namespace heddle
