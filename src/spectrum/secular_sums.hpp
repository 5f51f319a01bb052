#pragma once

#include <vector>

#include "heddle/linalg/types.hpp"

namespace heddle {

/// Complex numbers as real and imaginary parts, padded so that kernels need no tail: what lies
/// behind the end is so far away that its share of Σ 1/(z − x) is below the last bit.
struct SplitPoints {
    static constexpr double nowhere = 1e150;

    explicit SplitPoints(const ComplexVectorView& points);

    [[nodiscard]] Complex operator()(Index i) const {
        return {re[static_cast<std::size_t>(i)], im[static_cast<std::size_t>(i)]};
    }
    void set(Index i, Complex z) {
        re[static_cast<std::size_t>(i)] = z.real();
        im[static_cast<std::size_t>(i)] = z.imag();
    }

    std::vector<double> re, im;
};

/// Sums over all poles but p at z = λ_p + δ.
struct PoleSums {
    Complex inverse;   ///< Σ 1 / (z − λ_j).
    Complex response;  ///< Σ d_j / (z − λ_j).
    Complex slope;     ///< Σ d_j / (z − λ_j)².
};

/// The poles of f(z) = 1 − Σ_j d_j / (z − λ_j) and sums over them, n complex reciprocals each.
class SecularPoles final {
  public:
    SecularPoles(const ComplexVectorView& poles, const ComplexVectorView& strengths);

    [[nodiscard]] Complex pole(Index j) const { return poles_(j); }
    [[nodiscard]] Complex strength(Index j) const { return strengths_(j); }

    [[nodiscard]] PoleSums sums(Index p, Complex shift);
    /// Σ_{j≠p} |d_j / (z − λ_j)|, up to a factor of √2 too large.
    [[nodiscard]] double magnitude(Index p, Complex shift);
    /// The pole nearest to z, `except` left out (−1: none).
    [[nodiscard]] Index nearest(Complex z, Index except = -1);

  private:
    SplitPoints poles_, strengths_;
    std::vector<double> sizes_;
};

/// Σ_{k≠i} 1 / (z − z_k).
[[nodiscard]] Complex inverse_sum(SplitPoints& points, Index i, Complex z);

}  // namespace heddle
