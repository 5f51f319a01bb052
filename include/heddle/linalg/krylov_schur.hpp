#pragma once

#include <cstdint>

#include "heddle/linalg/krylov.hpp"

namespace heddle {

struct KrylovSchurOptions {
    double tolerance = 1e-10;  ///< Of a pair's residual beside its eigenvalue.
    Index most_restarts = 50;
    std::uint64_t seed = 0;  ///< Of the vector to start from.
};

/// Some eigenpairs of a real map: those that converged.
struct DominantPairs {
    ComplexVector values;   ///< Largest in modulus first, shape (c,).
    ComplexMatrix vectors;  ///< Of unit norm, shape (n, c).
};

/// The `count` eigenvalues of largest modulus of a map of n real numbers, by Krylov–Schur
/// restarts of a space of 2 count + 10 vectors; both members of a pair count.
/// \throws DomainError unless 1 ≤ count ≤ (n − 10) / 2.
/// \see Stewart (2002), A Krylov–Schur algorithm for large eigenproblems, SIMAX 23(3); done by the
///      library Spectra as implicitly restarted Arnoldi, which is the same in exact arithmetic.
[[nodiscard]] DominantPairs dominant_pairs(const LinearMap& a, Index n, Index count,
                                           const KrylovSchurOptions& options = {});

}  // namespace heddle
