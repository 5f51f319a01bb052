#pragma once

#include "heddle/linalg/joint_radius.hpp"
#include "measure/prepared.hpp"

namespace heddle {

/// E(t) M_i for every motif.
[[nodiscard]] std::vector<Matrix> transition_maps(const Prepared& prepared, const Matrix& e,
                                                  std::size_t threads);

/// Whether the joint spectral radius of E(time) M_i is proven to be below 1.
[[nodiscard]] bool proven_safe(const Prepared& prepared, double time, std::size_t threads,
                               const Progress& progress);

/// A preparation time for which the joint spectral radius of E(t) M_i is proven to be below 1, at
/// most `tolerance` of it longer than one for which that was tried in vain: bisected below `time`
/// if it is `safe`, else above it, up to about eight times as long. NaN if there is none.
[[nodiscard]] double proven_safe_time(const Prepared& prepared, double time, bool safe,
                                      std::size_t threads, const Progress& progress,
                                      double tolerance = 0.05);

}  // namespace heddle
