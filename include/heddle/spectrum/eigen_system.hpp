#pragma once

#include <memory>
#include <string>

#include "heddle/network/loops.hpp"
#include "heddle/network/network.hpp"

namespace heddle {

struct EigenState;  ///< What eigenvectors are made of; private.

/// The eigen-decomposition of a network, with or without loops open,
///
///     (W + U Vᵀ) r_i = λ_i r_i ,   l_iᵀ (W + U Vᵀ) = λ_i l_iᵀ ,   l_iᵀ r_k = δ_ik ,   ‖r_i‖ = 1 ,
///
/// whose eigenvectors are formed when they are asked for. Errors are measured, not assumed: the
/// residuals and norms of all vectors are seen through eight random projections, which keeps them
/// O(n²) and leaves `condition` and `residual` a standard error of 25 % each.
struct EigenSystem {
    ComplexVector eigenvalues;  ///< λ_i, shape (n,), in canonical order, pairs exactly conjugate.
    Vector condition;           ///< κ_i = ‖l_i‖ ‖r_i‖ / |l_iᵀ r_i|, shape (n,).
    Vector residual;            ///< ‖(W + U Vᵀ − λ_i) r_i‖ / ‖r_i‖, shape (n,).
    Vector error;               ///< κ_i times residual: |λ_i − exact| is below it, to first order.
    Index updates;              ///< Rank-one updates since the decomposition of W.
    Index evaluations;   ///< Of the secular function, in the last of them; n complex reciprocals
                         ///< each.
    bool restarted;      ///< Whether one of them needed an O(n³) start from LAPACK.
    double tolerance;    ///< Asked bound of `error`, relative to max |λ|.
    bool trusted;        ///< Whether every error is within it.
    std::string reason;  ///< Why not, and what would help; empty if trusted.
    std::shared_ptr<const EigenState> state;
};

/// The eigen-decomposition of W, from which `open_loops` goes on.
/// \param tolerance of eigenvalues, relative to max |λ|, here and after every loop.
/// \throws ShapeError, DomainError  if the network is not valid, W has no basis of eigenvectors or
///         tolerance is not positive.
/// \cost About 35 n³ flops: LAPACK dgeev with right vectors, their inverse, the measured residual.
[[nodiscard]] EigenSystem eigen_system(const Network& network, double tolerance = 1e-10);

/// The eigen-decomposition after `loops` have opened too, one rank-one update for each: the new
/// eigenvalues are the zeros of
///
///     f(z) = 1 − Σ_j d_j / (z − λ_j) ,   d = (L u) ∘ (Rᵀ v) ,
///
/// by Ehrlich–Aberth iteration from the old ones, and in the old basis the eigenvectors are the
/// columns of a Cauchy matrix, r′_i ∝ R (z_i − Λ)⁻¹ L u. Open ∘ open is a chain; (−U, V) closes
/// what (U, V) opened. Thalamic units follow at once (τ_T does not enter). A result that is not
/// trusted is computed once more with the loops in reverse order, and the better one returned.
///
/// \throws ShapeError, DomainError  as `validate` does for loops.
/// \cost For each loop some 10 n² complex reciprocals and 100 n² flops, nothing in n³; a loop at
///       the end of a chain of m others 32 m n² flops more.
/// \see Golub (1973), SIAM Review 15(2); Bini & Robol (2014), J. Comput. Appl. Math. 272.
[[nodiscard]] EigenSystem open_loops(const EigenSystem& system, const Loops& loops);

/// One eigenvalue with both vectors and exact evidence.
struct EigenPair {
    Complex value;         ///< λ_i.
    ComplexVector right;   ///< r_i, shape (n,), unit 2-norm.
    ComplexVector left;    ///< l_i, shape (n,), l_iᵀ r_i = 1.
    double residual;       ///< ‖(W + U Vᵀ − λ) r‖.
    double left_residual;  ///< ‖lᵀ (W + U Vᵀ − λ)‖ / ‖l‖.
    double condition;      ///< κ_i = ‖l‖ ‖r‖.
    double error;          ///< |lᵀ (W + U Vᵀ − λ) r|: the distance to the true eigenvalue, to first
                           ///< order, where both residuals are small beside the gaps.
};
/// \param i index into `eigenvalues`. \throws DomainError if it is none.
/// \cost O(n²) for each loop of the chain.
[[nodiscard]] EigenPair eigen_pair(const EigenSystem& system, Index i);

/// All r_i in columns, and all l_i in rows: R′, shape (n, n), and its inverse.
/// \cost One real product of n × n matrices, 2 n³ flops, for each loop of the chain.
[[nodiscard]] ComplexMatrix right_vectors(const EigenSystem& system);
[[nodiscard]] ComplexMatrix left_vectors(const EigenSystem& system);

}  // namespace heddle
