#pragma once

#include <vector>

#include "heddle/core/parallel.hpp"
#include "heddle/linalg/types.hpp"

namespace heddle {

struct EllipsoidOptions {
    double enough;          ///< Stop when max ‖T B_i T⁻¹‖₂ is at most this.
    Index steps;            ///< Most descent steps.
    double most_condition;  ///< Largest κ₂(T).
    std::size_t threads;
};

/// The upper triangular T, of those a descent came by, with the least max ‖T B_i T⁻¹‖₂. It
/// minimises
///
///     f_p(T) = 1/(2p) · log Σ_i tr((X_iᵀ X_i)^p) ,   X_i = T B_i T⁻¹ ,   p = 2, 4, … 256
///
/// by steps T ← e^{−η G} T along the gradient G = Σ_i ((X_i X_iᵀ)^p − (X_iᵀ X_i)^p) / Σ_i tr((X_iᵀ
/// X_i)^p), η by backtracking. Along t ↦ e^{t G} T each Schatten norm is log-convex (Hadamard's
/// three lines theorem), hence so is f_p.
[[nodiscard]] Matrix balancing_transform(std::vector<Matrix> b, const EllipsoidOptions& options,
                                         const Progress& progress);

}  // namespace heddle
