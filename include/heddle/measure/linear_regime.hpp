#pragma once

#include <string>
#include <vector>

#include "heddle/core/parallel.hpp"
#include "heddle/loops/library.hpp"

namespace heddle {

/// What is added to the drive of thalamic units that rectify, y = [Vᵀ x + c]₊, while −U c is added
/// to the cortex.
struct ThalamicBias {
    std::vector<Vector> motifs;  ///< c of each motif's units, shape (K,) each.
    Vector preparation;          ///< c of the preparatory units, shape (K_p,).
};

/// Under which thresholds a library's linear design holds exactly although its thalamic units
/// rectify: proven for the planned trajectories over whole intervals, not sampled.
struct LinearRegime {
    /// The least bias with which every unit stays active whenever its loops are open,
    /// c_k = −min_t v_kᵀ x(t): during the motif, and during every preparation from a motif's end.
    ThalamicBias bias;
    /// [a, b]: with I_BG − c of at least this, basal ganglia keep the units of motif b silent while
    /// motif a is performed, max_k max_t v_kᵀ x_a(t); NaN for b = a. Shape (M, M).
    Matrix inhibition;
    Vector inhibition_preparing;    ///< The same for units of motif b during any preparation, (M,).
    Vector inhibition_preparatory;  ///< The same for the preparatory units during motif a, (M,).
    double slack;  ///< How far, at most, a bound lies from a value that is attained.
    std::string statement;
};

/// During motif a the drives are sums of its few modes,
///
///     v_kᵀ x(t) = v_kᵀ x* + Σ_m Re( v_kᵀ r_m e^{γ_m t} ) ,
///
/// and their extrema come from `extrema`. During the preparation of b after a,
/// x(t) = x_b + e^{A t} (x_a(T) − x_b), sampled every 0.02 τ with the bound
/// h² / 8 · ‖v_kᵀ A²‖ ‖x(t) − x_b‖ e^{max(0, μ₂(A)) h} in between.
///
/// States that noise or an earlier error moved off the plan need a margin on top: |v_k| times the
/// deviation.
/// \cost O(n³) once for the preparation, O(M n²) a sample of it.
[[nodiscard]] LinearRegime linear_regime(const Library& library, std::size_t threads = 0,
                                         const Progress& progress = {});

}  // namespace heddle
