#pragma once

#include "heddle/linalg/types.hpp"

namespace heddle {

/// Real Schur form A = Q T Qᵀ, T upper quasi-triangular with 2 × 2 blocks for conjugate pairs.
struct Schur {
    Matrix q;                   ///< Orthogonal, shape (n, n).
    Matrix t;                   ///< Upper quasi-triangular, shape (n, n).
    ComplexVector eigenvalues;  ///< In the order of the diagonal of `t`, shape (n,).
};

/// \cost About 25 n³ flops (LAPACK dgees).
[[nodiscard]] Schur real_schur(const MatrixView& a);

/// The same form with the `count` rightmost eigenvalues moved to the top left, so that the first
/// columns of q span their invariant subspace. A conjugate pair is never split: if the border falls
/// inside one, the pair's partner comes along and `count` is one larger. Where LAPACK finds the
/// eigenvalues on both sides of the border too close to be told apart, the nearest border that
/// works is taken, at most four away.
struct OrderedSchur {
    Schur schur;
    Index count;  ///< How many eigenvalues lead.
};

/// \throws DomainError unless 0 ≤ count ≤ n; NotConverged if no border near `count` works.
[[nodiscard]] OrderedSchur rightmost_first(const Schur& schur, Index count);

}  // namespace heddle
