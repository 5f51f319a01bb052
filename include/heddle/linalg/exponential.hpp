#pragma once

#include "heddle/linalg/types.hpp"

namespace heddle {

/// e^A by scaling and squaring with diagonal Padé approximants.
///
/// \throws ShapeError if not square; DomainError if `a` holds NaN or infinity or e^A overflows.
/// \cost About 30 n³ flops and more with ‖A‖; all matrix products and one LU solve.
/// \see Al-Mohy & Higham (2009), A new scaling and squaring algorithm for the matrix exponential,
///      SIMAX 31(3).
[[nodiscard]] Matrix exponential(const MatrixView& a);

/// One exact step of dx = A x dt + S dB, with S Sᵀ = `intensity`.
struct NoiseStep {
    Matrix propagator;  ///< e^{A t}.
    Matrix covariance;  ///< ∫₀ᵗ e^{A s} intensity e^{Aᵀ s} ds, symmetric, positive semi-definite.
};

/// Propagator and noise covariance of a step t. On a substep with ‖A‖₂ s ≤ 1/2 the covariance is
/// summed as
///
///     Q(s) = Σ_j s^{j+1} / (j + 1)! · L^j(intensity) ,   L(X) = A X + X Aᵀ
///
/// (cheaper than Van Loan's block exponential, and accurate even where Q is graded), then doubled
/// exactly: Q(2s) = Q(s) + e^{A s} Q(s) e^{Aᵀ s}.
///
/// \param intensity symmetric positive semi-definite, shape (n, n).
/// \param t ≥ 0, in the unit of 1 / A.
/// \throws ShapeError; DomainError if `intensity` is not symmetric, t < 0, or the result overflows.
/// \cost About 65 n³ flops, and 6 n³ for each doubling.
/// \see Van Loan (1978), Computing integrals involving the matrix exponential, IEEE TAC 23(3).
[[nodiscard]] NoiseStep noise_step(const MatrixView& a, const MatrixView& intensity, double t);

/// A^p by repeated squaring, p ≥ 0. \throws ShapeError, DomainError.
[[nodiscard]] Matrix power(const MatrixView& a, Index p);

}  // namespace heddle
