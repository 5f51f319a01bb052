#pragma once

#include "heddle/network/loops.hpp"
#include "heddle/network/network.hpp"

namespace heddle {

/// What preparatory loops are to do well.
struct PreparationAim {
    double beta = 0.01;  ///< β ≥ 0: how much a moving readout costs during preparation.
    Matrix weight;       ///< S, symmetric positive semi-definite, shape (n, n): the directions that
                         ///< matter. Empty: the identity, all directions alike.
};

/// The cost of preparing from random states x₀ ~ N(0, I) with loops open, and its gradient.
struct PreparationCost {
    double value;       ///< ℓ = decay + β readout, without unit; +∞ if the closed network is
                        ///< not stable.
    double decay;       ///< 1 / (n τ) E ∫ xᵀ S x dt.
    double readout;     ///< 1 / τ E ∫ |τ C ẋ|² dt.
    Matrix gradient_u;  ///< ∂ℓ/∂U, shape (n, k); empty if not stable.
    Matrix gradient_v;  ///< ∂ℓ/∂V, shape (n, k); empty if not stable.
    double abscissa;    ///< max Re of the eigenvalues of W + U Vᵀ.
    bool stable;        ///< abscissa < 1.
};

/// How long and how visibly a linear network takes to forget where it was while it prepares:
///
///     A = W + U Vᵀ − I ,   A X + X Aᵀ = −I ,   P = Aᵀ Cᵀ
///     ℓ = tr(S X) / n + β tr(Pᵀ X P)
///     Aᵀ Y + Y A = −(S / n + β P Pᵀ) ,   G = ∂ℓ/∂A = 2 Y X + 2 β Cᵀ (X P)ᵀ
///     ∂ℓ/∂U = G V ,   ∂ℓ/∂V = Gᵀ U
///
/// τ X is the time integral of the states' covariance. Time in units of τ, so ℓ does not depend on
/// it. Both Gramians come from one real Schur form of A, in whose basis they stay.
///
/// \param network linear; its bias and thalamic dynamics play no part.
/// \param loops u and v, shapes (n, k).
/// \throws ShapeError; DomainError if the network is not linear, β < 0 or S is not symmetric. An
///         unstable closed network is an outcome and not an error.
/// \cost One Schur form, about 2 n³ flops for the two Gramians, O(n² (k + d)) for the rest, and
///       4 n³ more if S is not the identity.
/// \see Logiaco, Abbott & Escola (2021), Cell Reports 35(9):109090, the preparatory network; the
///      gradient as in output-feedback control, Levine & Athans (1970), IEEE TAC 15(1).
[[nodiscard]] PreparationCost preparation_cost(const Network& network, const Loops& loops,
                                               const PreparationAim& aim = {});

/// \throws as `preparation_cost` does, without evaluating it.
void validate(const PreparationAim& aim, const Network& network);

}  // namespace heddle
