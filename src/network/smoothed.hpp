#pragma once

#include "heddle/network/hazard.hpp"
#include "network/softplus_grid.hpp"

namespace heddle {

/// ⟨f⁽ᵏ⁾(u + √w z)⟩ over a standard normal z, for f(x) = log(1 + eˣ), by the trapezoidal rule: on a
/// fixed grid, or on z where w is small or u far from 0. \param order k, 0 to `most_derivatives`.
[[nodiscard]] double softplus_mean(int order, double u, double w);

/// The same for f(x) = [x]₊, closed.
[[nodiscard]] double rectified_mean(int order, double u, double w);

/// Means of [x]₊ and its derivatives at one u and w > 0.
class RectifiedMeans final {
  public:
    RectifiedMeans() {}  // Of nothing yet.
    RectifiedMeans(double u, double w);

    [[nodiscard]] double of(int order) const;

  private:
    double u_, deviation_, density_, below_;
};

/// Means of log(1 + eˣ) and its derivatives at one u and w: what they share is computed once.
class SoftplusMeans final {
  public:
    SoftplusMeans() {}  // Of nothing yet: most of it is never written.
    SoftplusMeans(double u, double w) { set(u, w); }

    void set(double u, double w);
    [[nodiscard]] double of(int order) const;

  private:
    double u_;
    double w_;
    bool on_grid_;
    RectifiedMeans rectified_;
    SoftplusGrid grid_;
};

/// Of means: what they can be differentiated to.
inline constexpr int most_derivatives = 8;

/// What the rule is off by, over the bound of f⁽ᵏ⁾ (k = 0: over 1 + √w); for k ≤ 2 also over the
/// value itself, if that is above 1e-300.
[[nodiscard]] double softplus_error(int order);

/// max over x of |f⁽ᵏ⁾(x)| for f(x) = log(1 + eˣ), k ≥ 1, rounded up.
[[nodiscard]] double softplus_bound(int order);

/// ⟨f⁽ᵏ⁾(u + √w z)⟩ for a hazard f in units of Delta_V and lambda_0, without its floor.
/// \param order k, 0 to `most_derivatives` − 1.
[[nodiscard]] double hazard_mean(Hazard form, int order, double u, double w);

}  // namespace heddle
