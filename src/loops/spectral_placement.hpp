#pragma once

#include "heddle/network/loops.hpp"

namespace heddle {

struct SpectralPlacement {
    Loops loops;
    double condition;  ///< κ₂(P).
};

/// The published rank-one loop: with J = R diag(λ) R⁻¹ and P_ij = 1 / (λ_i^des − λ_j),
///
///     u = Re( R diag(Rᵀ v)⁻¹ P⁺ 1 )
///
/// \throws DomainError if κ₂(R) is above 1e12.
/// \see Logiaco, Abbott & Escola (2021), Eqs. 2, 10, 12.
[[nodiscard]] SpectralPlacement spectral_placement(const MatrixView& weights,
                                                   const ComplexVectorView& targets,
                                                   const MatrixView& v);

}  // namespace heddle
