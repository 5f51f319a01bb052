#pragma once

#include "heddle/linalg/types.hpp"

namespace heddle {

/// V = X (Xᵀ X)⁻¹ Gᵀ, the V of least norm with Vᵀ X = G, as a smooth function of X and G: X = Q R
/// once, V and its adjoint from that.
class LeastNormMap final {
  public:
    LeastNormMap() = default;
    /// \throws DomainError if the columns of X, shape (n, p), are dependent.
    explicit LeastNormMap(const Matrix& x);

    /// \param goals G, shape (k, p). \return V, shape (n, k).
    [[nodiscard]] Matrix inputs(const Matrix& goals) const;

    /// Derivatives with respect to X and G from those with respect to V.
    struct Slopes {
        Matrix x, goals;
    };
    [[nodiscard]] Slopes pull_back(const Matrix& v, const Matrix& v_slope) const;

  private:
    Matrix basis_;     ///< Q, shape (n, p).
    Matrix triangle_;  ///< R, shape (p, p).
};

}  // namespace heddle
