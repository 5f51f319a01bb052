#pragma once

#include <optional>
#include <string>

#include "heddle/core/parallel.hpp"
#include "heddle/loops/preparation.hpp"
#include "heddle/loops/preparation_cost.hpp"

namespace heddle {

struct OptimisePreparationOptions {
    Index rank = 50;             ///< k, number of loops.
    PreparationAim aim;          ///< β and S.
    double u_norm = 1.0;         ///< Norm of every column of U.
    double v_norm = 1.0;         ///< Norm of every column of V.
    std::optional<Loops> start;  ///< Loops that leave the network stable, of any column norms; the
                                 ///< ordered Schur form of W if missing.
    double tolerance = 1e-3;     ///< Of `gradient_norm`; 1e-3 leaves ℓ within about 1e-5 of its
                                 ///< minimum.
    int most_evaluations = 500;
};

/// Preparatory loops that minimise a cost, with the evidence that they do.
struct OptimalPreparation {
    Loops loops;           ///< τ_T = 0.
    double loss;           ///< ℓ = decay + β readout of exactly these loops.
    double decay;          ///< tr(S X) / n.
    double readout;        ///< tr(Pᵀ X P).
    double start_loss;     ///< ℓ of the start.
    double gradient_norm;  ///< ‖∇ℓ‖ ‖(U, V)‖ / ℓ, ∇ℓ projected onto columns of fixed norms: about
                           ///< the relative change of ℓ per relative change of the loops.
    Index evaluations;     ///< Of cost and gradient.
    double slowest;        ///< max Re of the closed network's eigenvalues.
    double time_to_5_percent;  ///< Until a random state's root mean square has fallen so far, in
    double time_to_1_percent;  ///< units of τ.
    bool trusted;              ///< `gradient_norm` is below the tolerance.
    std::string reason;        ///< Why not, and what would help; empty if trusted.
};

/// Loops u, v of k columns of given norms that minimise `preparation_cost`.
///
/// The sums Σ u_i v_iᵀ of columns of norms a and b are the matrices of rank ≤ k and nuclear norm
/// ≤ k a b: any U, V with ‖U‖_F² = k a², ‖V‖_F² = k b², U Vᵀ = M can be turned by one orthogonal
/// k × k matrix so that all columns get those norms, if they are balanced (UᵀU / a² = VᵀV / b²), as
/// they are at a minimum where the norms matter. The descent therefore keeps the two Frobenius
/// norms alone, which takes half as many evaluations as keeping 2 k column norms; then the columns
/// are turned and the descent is continued with their norms kept, as a rule for one or two
/// evaluations. All that is reported is of these last loops, from a Schur form of their own.
///
/// The first descent evaluates its costs in the eigenbasis of an earlier step wherever that is
/// cheaper, to a few per cent of the gradient that is left.
///
/// \throws ShapeError, DomainError as `preparation_cost`; DomainError if S is not positive
///         semi-definite, if rank is not in 1 … n or smaller than the number of eigenvalues of W
///         with Re λ ≥ 1 (named), if u_norm · v_norm is too small to move them, or if the start
///         given leaves the network unstable.
/// \cost Less than `evaluations` of `preparation_cost` (n = 500, rank 50: 40 in the time of 20),
///       then `decay_times`.
/// \see Logiaco, Abbott & Escola (2021), Cell Reports 35(9):109090, the preparatory network;
///      Srebro, Rennie & Jaakkola (2004), NIPS 17, for the nuclear norm as a bound on factors.
[[nodiscard]] OptimalPreparation optimise_preparation(
    const Network& network, const OptimisePreparationOptions& options = {},
    const Progress& progress = {});

/// The optimum as the preparation of a Library, open for `duration` s.
/// \throws DomainError unless duration is finite and above 0.
[[nodiscard]] Preparation preparation_from(const OptimalPreparation& optimum, double duration);

}  // namespace heddle
