#pragma once

#include "heddle/linalg/types.hpp"

namespace heddle {

/// The eigenvalues that are to be moved, all others left where they are: for each target, in order,
/// the nearest one of W that is not taken yet, real for real and pair for pair.
struct FrozenRest {
    ComplexVector moved;  ///< One of each pair, in the order of the targets, shape (m,).
    ComplexMatrix left;   ///< Their left eigenvectors, shape (n, m).
    ComplexVector kept;   ///< All others.
    Matrix subspace;  ///< Q: orthonormal real basis of the left eigenvectors of `moved`, so that
                      ///< V = Q v leaves all other eigenvalues as they are.
};

/// \param upper targets, one of each pair.
/// \throws DomainError if W has too few real eigenvalues or too few pairs for the targets.
/// \cost About 25 n³ flops.
[[nodiscard]] FrozenRest frozen_rest(const Matrix& weights, const ComplexVectorView& upper);

}  // namespace heddle
