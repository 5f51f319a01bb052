#pragma once

#include "carry/stretch.hpp"

namespace heddle {

/// What Q → Q' of a stretch needs at every step: M and η² M Mᵀ.
class EllipsoidFlow final {
  public:
    explicit EllipsoidFlow(const Stretch& stretch);

    /// The ellipsoid one step later, around the trajectory at x.
    void step(const VectorView& x, Matrix& q) const;
    /// A bound of |c · (φ(x + δ) − φ(x))| over the ellipsoid, for every row c of the readout.
    [[nodiscard]] Vector output(const Matrix& readout, const VectorView& x, const Matrix& q) const;

  private:
    [[nodiscard]] Vector remainders(const VectorView& x, const Matrix& q) const;

    const Stretch& stretch_;
    Matrix spread_;
    double steepest_;
};

/// The longest half-axis of an ellipsoid, √λ_max(Q).
[[nodiscard]] double half_axis(const Matrix& q);

}  // namespace heddle
