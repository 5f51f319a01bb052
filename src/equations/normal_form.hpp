#pragma once

#include "equations/expansion.hpp"
#include "heddle/equations/rate_equations.hpp"

namespace heddle {

/// ẏ = a y² at a fold, from the eigenvector of 0, of length 1. 1/ms.
[[nodiscard]] double fold_coefficient(const Expansion& expansion, const EquationSlopes& slopes);

/// The first Lyapunov coefficient Re c₁ / ω where iω is an eigenvalue (rad / ms):
///
///     c₁ = ½ pᵀ [ D³F(φ, φ, φ̄) + 2 D²F(φ, h₁₁) + D²F(φ̄, h₂₀) ] ,
///     h₁₁ = Δ(0)⁻¹ D²F(φ, φ̄) ,   h₂₀ = Δ(2iω)⁻¹ D²F(φ, φ) ,   pᵀ Δ'(iω) q = 1 ,
///
/// φ = e^{iωt} q of length 1 and Δ the characteristic matrix.
[[nodiscard]] double lyapunov_coefficient(const Expansion& expansion, const EquationSlopes& slopes,
                                          double omega);

}  // namespace heddle
