#pragma once

#include "heddle/linalg/types.hpp"

namespace heddle {

/// e^A by scaling and squaring with diagonal Padé approximants.
///
/// \throws ShapeError if not square; DomainError if `a` holds NaN or infinity or its 1-norm is too large for e^A to be
///         represented.
/// \cost About 30 n³ flops and more with ‖A‖; all matrix products and one LU solve.
/// \see Higham (2005), The scaling and squaring method for the matrix exponential revisited, SIMAX 26(4);
///      Al-Mohy & Higham (2009), SIMAX 31(3).
[[nodiscard]] Matrix exponential(const MatrixView& a);

/// One exact step of dx = A x dt + S dB, with S Sᵀ = `intensity`.
struct NoiseStep {
    Matrix propagator;  ///< e^{A t}.
    Matrix covariance;  ///< ∫₀ᵗ e^{A s} intensity e^{Aᵀ s} ds, symmetric, positive semi-definite.
};

/// Propagator and noise covariance of a step t, by Van Loan's block exponential on a short enough substep
/// (so that e^{-A s} does not overflow) and exact doubling, Q(2s) = Q(s) + e^{A s} Q(s) e^{Aᵀ s}.
///
/// \see Van Loan (1978), Computing integrals involving the matrix exponential, IEEE TAC 23(3).
[[nodiscard]] NoiseStep noise_step(const MatrixView& a, const MatrixView& intensity, double t);

/// A^p by repeated squaring, p ≥ 0.
[[nodiscard]] Matrix power(const MatrixView& a, Index p);

}  // namespace heddle
