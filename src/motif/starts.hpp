#pragma once

#include "heddle/core/random.hpp"
#include "motif/region.hpp"
#include "motif/residual.hpp"

/// Where the descent of the modes may begin; every start lies inside the region.
namespace heddle {

/// Slow harmonics of the motif's duration, lightly damped.
[[nodiscard]] Vector harmonic_start(const Residual& residual, const Region& region, Index pairs);

/// As slow as separation allows: inside the region whenever anything of equal damping is.
[[nodiscard]] Vector compact_start(const Residual& residual, const Region& region, Index pairs);

/// The harmonics stretched and shaken; numbers from `first` on.
[[nodiscard]] Vector shaken_start(const Residual& residual, const Region& region, Index pairs,
                                  const Random& random, std::uint64_t first);

/// Matrix-pencil estimate: eigenvalues of the shift between the leading subspaces of the Hankel
/// matrix of all channels. \see Hua & Sarkar (1990), IEEE TASSP 38(5).
[[nodiscard]] Vector pencil_start(const Residual& residual, const Region& region, Index pairs);

/// Known modes and one more, where it helps most.
[[nodiscard]] Vector grown_start(Residual& residual, const Region& region, const Vector& known);

}  // namespace heddle
