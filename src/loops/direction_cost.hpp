#pragma once

#include "heddle/linalg/types.hpp"
#include "heddle/network/network.hpp"
#include "heddle/spectrum/thalamic_lag.hpp"
#include "loops/weight_bounds.hpp"
#include "spectrum/equal_runs.hpp"

namespace heddle {

/// What the cost of loop outputs U and directions g_i does not depend on.
struct DirectionProblem {
    ComplexVector poles;    ///< λ_j of W = R diag(λ) L, shape (n,).
    ComplexMatrix right;    ///< R.
    ComplexMatrix left;     ///< L.
    ComplexVector targets;  ///< One of each pair, equal ones side by side, shape (m,).
    ThalamicLag lag;
    Matrix subspace;          ///< Orthonormal columns that V is confined to, shape (n, m or so); or
                              ///< empty.
    WeightBounds v_bounds;    ///< Of V; empty if there are none, or if there is a subspace.
    double condition_weight;  ///< w.
    bool spread_load;  ///< The largest loop, not the root of the sum of squares, is the gain.
};

/// \throws DomainError if W is too near a defective matrix: κ₂(R) above 1e12.
[[nodiscard]] DirectionProblem direction_problem(const Network& network,
                                                 const ComplexVectorView& upper);

/// What is optimised.
struct Directions {
    Matrix u;         ///< Shape (n, k).
    ComplexMatrix g;  ///< Shape (k, m).
};

/// cost = gain^(1 − w) κ^w with V of least norm for U and g (and within its bounds), where
///
///     gain = ‖U Vᵀ‖_F ,   κ² = mean of κ_i² over all targets
///
/// (gain ≈ max_c |u_c| |v_c| if the load is to be spread), and κ_i² = ‖Π_i‖_F² / p, Π_i the
/// spectral projector of a p-fold eigenvalue: |r|² |l|² / (lᵀ r + θ′ hᵀ g)² for a simple one.
/// Unchanged if U is replaced by U T and g by T⁻¹ g, or if a g_i is scaled.
struct DirectionCost {
    double value;      ///< Infinite where no V obeys its bounds, or modes of targets coincide.
    double gain;       ///< ‖U Vᵀ‖_F.
    double condition;  ///< κ.
    Matrix v;
    Matrix u_slope;         ///< ∂ ln cost / ∂U.
    ComplexMatrix g_slope;  ///< ∂/∂Re g + i ∂/∂Im g.
};

/// \cost 32 n² m flops in complex matrix products, and O(n k² m).
[[nodiscard]] DirectionCost direction_cost(const DirectionProblem& problem, const Directions& at);

}  // namespace heddle
