#pragma once

#include "spectrum/cauchy_link.hpp"

namespace heddle {

/// Some columns of 1 / (z_i − λ_j), without the entries at the roots' own poles, as real parts and
/// imaginary parts.
class CauchyBlock final {
  public:
    static constexpr Index most = 32;

    explicit CauchyBlock(const CauchyLink& link);

    /// Columns of the roots first … first + count − 1.
    void fill(Index first, Index count);

    [[nodiscard]] const double* re(Index column) const { return columns_.col(column).data(); }
    [[nodiscard]] const double* im(Index column) const {
        return columns_.col(most + column).data();
    }
    /// Shape (n, count) each.
    [[nodiscard]] auto real(Index count) const { return columns_.topLeftCorner(n_, count); }
    [[nodiscard]] auto imag(Index count) const { return columns_.block(0, most, n_, count); }

  private:
    const CauchyLink& link_;
    Index n_;
    Matrix columns_;  ///< Rows padded as the poles are.
};

/// As `SplitPoints`, but zero behind the end.
[[nodiscard]] SplitPoints padded_with_zeros(const ComplexVectorView& values);

}  // namespace heddle
