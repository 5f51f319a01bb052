#pragma once

#include <array>
#include <cstddef>

namespace heddle {

/// Means of f⁽ᵏ⁾ under a normal law, f(x) = log(1 + eˣ), by a grid that does not follow the law:
///
///     f = f_s + d ,   f_s(x) = ⟨[x + √s z]₊⟩ ,   s = π² / 3
///     ⟨f⁽ᵏ⁾(u + √w z)⟩ = ⟨[·]₊⁽ᵏ⁾⟩(u, w + s) + h Σ_j d⁽ᵏ⁾(x_j) N(x_j; u, w) ,   x_j = j h
///
/// f_s is closed and entire and takes all that does not decay: |d⁽ᵏ⁾(x)| falls as e^{−|x|}. So d is
/// a table, and the sum has 30 to some hundred terms however wide the law is; narrow ones have
/// finer grids.
class SoftplusGrid final {
  public:
    SoftplusGrid() {}  // No sums yet; nothing is written.

    /// Makes the sums those of N(·; u, w), if the law is wide enough and what counts is on the
    /// grid.
    /// \return was it?
    bool set(double u, double w);

    /// h Σ d⁽ᵏ⁾ N. \cost a multiplication a term.
    [[nodiscard]] double sum(int order) const;

    static constexpr double variance = 3.289868133696453;  ///< s, that of σ'.

  private:
    static constexpr int reach = 256;                   ///< Of x, over h.
    static constexpr std::size_t most = 2 * reach + 8;  ///< Terms, in full lanes.
    static constexpr std::size_t grids = 4;
    struct Remainders;

    static const Remainders& remainders(std::size_t halvings);

    std::size_t halvings_;  ///< Of the widest spacing.
    std::size_t first_;
    std::size_t count_;
    std::array<double, most> weights_;  ///< h N(x_j; u, w) of the terms that count.
};

}  // namespace heddle
