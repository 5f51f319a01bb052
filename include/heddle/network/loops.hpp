#pragma once

#include "heddle/linalg/types.hpp"

namespace heddle {

/// A group of loops that opens and closes together: u sends thalamic activity to the cortex, v
/// reads the cortex, and the open group adds U Vᵀ to the recurrent weights,
///
///     τ ẋ = −x + W x + U y(t − D) + b ,   τ_T ẏ = −y + Vᵀ x      (τ_T = 0: y = Vᵀ x at once).
///
/// A closed group adds nothing; when it opens, its thalamic units start from a state the schedule
/// gives.
struct Loops {
    Matrix u;                   ///< Loop output weights (thalamus → cortex), shape (n, k).
    Matrix v;                   ///< Loop input weights (cortex → thalamus), shape (n, k).
    double thalamic_tau = 0.0;  ///< τ_T, s; 0 for instantaneous thalamic units.
    double delay = 0.0;         ///< D, s: conduction delay of the whole loop.
};

/// \throws ShapeError if u and v do not fit each other or a network of n units; DomainError if not
/// finite.
void validate(const Loops& loops, Index n);

/// ‖U Vᵀ‖_F, through the small Gram matrices.
[[nodiscard]] double norm(const Loops& loops);

}  // namespace heddle
