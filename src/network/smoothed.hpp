#pragma once

#include "heddle/network/hazard.hpp"

namespace heddle {

/// ⟨f⁽ᵏ⁾(u + √w z)⟩ over a standard normal z, for f(x) = log(1 + eˣ): the trapezoidal rule on
/// |z| ≤ 9. \param order k, 0 to `most_derivatives`.
[[nodiscard]] double softplus_mean(int order, double u, double w);

/// The same for f(x) = [x]₊, closed.
[[nodiscard]] double rectified_mean(int order, double u, double w);

/// Of means: what they can be differentiated to.
inline constexpr int most_derivatives = 8;

/// What the rule is off by, over the bound of f⁽ᵏ⁾ (k = 0: over 1 + √w); for k ≤ 2 and √w ≤ 7 also
/// over the value itself.
[[nodiscard]] double softplus_error(int order);

/// max over x of |f⁽ᵏ⁾(x)| for f(x) = log(1 + eˣ), k ≥ 1, rounded up.
[[nodiscard]] double softplus_bound(int order);

/// ⟨f⁽ᵏ⁾(u + √w z)⟩ for a hazard f in units of Delta_V and lambda_0, without its floor.
/// \param order k, 0 to `most_derivatives` − 1.
[[nodiscard]] double hazard_mean(Hazard form, int order, double u, double w);

}  // namespace heddle
