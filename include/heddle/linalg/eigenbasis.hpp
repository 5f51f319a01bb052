#pragma once

#include "heddle/linalg/types.hpp"

namespace heddle {

/// A = R Λ R⁻¹ with real R: its columns are the eigenvectors of the real eigenvalues, then the real
/// parts of those of the pairs, then their imaginary parts. Λ is diagonal but for the entries
/// (Re_j, Im_j) = Im λ_j and (Im_j, Re_j) = −Im λ_j.
struct RealEigenbasis {
    Vector reals;         ///< Real eigenvalues.
    ComplexVector pairs;  ///< Of each conjugate pair the one with Im > 0.
    Matrix r;             ///< R, shape (n, n).
    Matrix inverse;       ///< R⁻¹, shape (n, n); empty if A is defective.
    double condition;     ///< ‖R‖_F ‖R⁻¹‖_F; what is done in this basis loses up to its
                          ///< square. Infinite if A is defective to working precision.
};

/// \throws ShapeError.
/// \cost About 28 n³ flops.
[[nodiscard]] RealEigenbasis real_eigenbasis(const MatrixView& a);

/// X with Λ X + X Λᵀ = −C, or Λᵀ X + X Λ = −C, in O(n²) for any number of C. On a block of two
/// pairs the equation is two complex numbers divided by λ_i + λ̄_j and by λ_i + λ_j.
class DiagonalLyapunov {
  public:
    /// No two eigenvalues may add up to zero.
    explicit DiagonalLyapunov(const RealEigenbasis& basis);

    [[nodiscard]] Matrix solve(const MatrixView& c) const { return solve(c, 1.0); }
    [[nodiscard]] Matrix solve_adjoint(const MatrixView& c) const { return solve(c, -1.0); }

  private:
    using Table = Eigen::ArrayXXd;

    /// `turn` = −1 conjugates every eigenvalue.
    [[nodiscard]] Matrix solve(const MatrixView& c, double turn) const;

    Index reals_, pairs_;
    Table real_;                 ///< −1 / (λ_i + λ_j), both real.
    Table mixed_re_, mixed_im_;  ///< −1 / (λ_i + λ_j), i of a pair, j real.
    Table minus_re_, minus_im_;  ///< −1 / (λ_i + λ̄_j), both of pairs.
    Table plus_re_, plus_im_;    ///< −1 / (λ_i + λ_j), both of pairs.
};

}  // namespace heddle
