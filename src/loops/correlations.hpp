#pragma once

#include "spectrum/pair_coordinates.hpp"

namespace heddle {

/// F with F Fᵀ = Λ in real form, Λ_ij = ∫₀ᵗ e^{(γ_i + γ_j) s} ds, by a Cholesky factorisation with
/// diagonal pivots that ends at working precision: shape (n, r), r the numerical rank.
///
/// Then Σ_ij Λ_ij e_i · e_j = ‖Fᵀ E‖_F² is never negative, and costs r / n of the plain sum.
///
/// \param rates γ in half form.
/// \throws DomainError if e^{2 Re γ t} overflows.
/// \see Higham (2002), Accuracy and Stability of Numerical Algorithms, ch. 10.3.
[[nodiscard]] Matrix correlation_factor(const ComplexVectorView& rates, PairLayout layout,
                                        double t);

/// (e^z − 1) / z, with all its digits near z = 0.
[[nodiscard]] Complex relative_growth(Complex z);

}  // namespace heddle
