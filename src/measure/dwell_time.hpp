#pragma once

#include <vector>

#include "heddle/linalg/joint_radius.hpp"

namespace heddle {

constexpr double norm_margin = 1e-9;  // Relative, for rounding.

/// Maps S_i and what a part of a step may add, c_i by a norm's logarithmic norm.
struct DwellProblem {
    std::vector<Matrix> steps;       ///< S_i.
    std::vector<Matrix> generators;  ///< A_i with S_i = e^{A_i δ}; empty in discrete time.
    double resolution;               ///< δ.
};

/// What a norm ‖T x‖ proves.
struct Dwell {
    Index steps = 0;  ///< d; 0: none up to the limit.
    double constant;  ///< max over t < 2 d of ‖T S_i^t T⁻¹‖ c, times κ(T).
    Matrix transform;
};

/// The least d ≤ most for which ‖T S_i^t T⁻¹‖ c < 1 for all i and d ≤ t < 2 d.
[[nodiscard]] Dwell dwell_in_norm(const DwellProblem& problem, const Matrix& transform, Index most,
                                  std::size_t threads);

/// max_i μ_T(A_i) = max_i λ_max of the symmetric part of T A_i T⁻¹.
[[nodiscard]] double logarithmic_norm(const std::vector<Matrix>& generators,
                                      const Matrix& transform);

/// The dwell time that some ellipsoid proves, found by doubling.
[[nodiscard]] Dwell shortest_dwell(const DwellProblem& problem, JointRadiusOptions options,
                                   Index most, const Progress& progress);

}  // namespace heddle
