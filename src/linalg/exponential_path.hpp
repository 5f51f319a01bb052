#pragma once

#include <array>
#include <vector>

#include "heddle/linalg/types.hpp"

namespace heddle {

/// e^A by a Taylor polynomial of degree 16 and squarings, with all that leads there kept, so that
/// gradients can be carried back exactly: the derivative is that of what was computed, to rounding.
///
///     B = A / 2ˢ ,   H = Σ_{k ≤ 16} Bᵏ / k! ,   e^A = H^(2ˢ)
///
/// s is the least with max(‖B³‖₁^{1/3}, ‖B⁴‖₁^{1/4}) ≤ 1, where the remainder is below 3e-15.
///
/// \cost 6 + s products of 2 n³ flops, and s + 7 matrices that are kept.
/// \see Al-Mohy & Higham (2009), Computing the Fréchet derivative of the matrix exponential, SIAM
///      J. Matrix Anal. Appl. 30(4).
class ExponentialPath final {
  public:
    /// \param a square; the result is not finite where e^A overflows.
    explicit ExponentialPath(const Matrix& a);

    [[nodiscard]] const Matrix& value() const { return path_.back(); }

    /// ∂φ/∂A from g = ∂φ/∂e^A. \cost 12 + 2 s products.
    [[nodiscard]] Matrix pull_back(Matrix g) const;

  private:
    std::array<Matrix, 4> powers_;  ///< B … B⁴.
    std::array<Matrix, 3> nested_;  ///< H_1 … H_3 of the Horner scheme in B⁴.
    std::vector<Matrix> path_;      ///< H, H², H⁴, ….
};

}  // namespace heddle
