#pragma once

#include "heddle/linalg/types.hpp"

namespace heddle {

/// The eigenvalues of a real square matrix in canonical order: real part from right to left, real
/// parts that agree to 1e-12 of max |λ| by rising |Im|, and of a conjugate pair the one with Im > 0
/// first. Pairs stand side by side and are exactly conjugate, and noise in the last bits does not
/// change the order.
///
/// \throws ShapeError if `a` is not square; DomainError if it holds NaN or infinity.
/// \cost About 10 n³ flops (LAPACK dgeev, eigenvalues only).
[[nodiscard]] ComplexVector eigenvalues(const MatrixView& a);

/// Sorts in place in the canonical order of `eigenvalues`.
void sort_canonically(ComplexVector& values);

/// max Re λ: a linear network τ ẋ = −x + W x is stable iff this is below 1.
[[nodiscard]] double spectral_abscissa(const ComplexVector& eigenvalues);

/// max |λ|.
[[nodiscard]] double spectral_radius(const ComplexVector& eigenvalues);

}  // namespace heddle
