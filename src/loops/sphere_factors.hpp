#pragma once

#include "heddle/network/loops.hpp"

namespace heddle {

/// What is held fixed: the norm of each whole factor, or that of each of its columns.
enum class Fixed { factors, columns };

/// U and V on spheres, from raw numbers of any norm: U's columns have the root mean square norm
/// `u_norm` (or each that norm), V's `v_norm`.
struct SphereFactors {
    Index n, rank;
    double u_norm, v_norm;
    Fixed fixed;

    /// The raw numbers are U, then V, column by column, shape (2 n k,).
    [[nodiscard]] Loops loops(const VectorView& raw) const;

    /// The gradient with respect to the raw numbers from those with respect to U and V.
    [[nodiscard]] Vector pull_back(const VectorView& raw, const MatrixView& gradient_u,
                                   const MatrixView& gradient_v) const;

    /// The raw numbers of loops whose norms are the fixed ones already.
    [[nodiscard]] Vector raw(const Loops& loops) const;
};

/// (U Z, V Z) for the orthogonal Z after which all ‖u_i‖² / ‖U‖_F² + ‖v_i‖² / ‖V‖_F² are equal, so
/// that U Vᵀ is the same. If UᵀU and VᵀV are proportional, all columns of each get equal norms.
[[nodiscard]] Loops even_columns(const Loops& loops);

}  // namespace heddle
