#pragma once

#include "heddle/linalg/schur.hpp"
#include "heddle/network/loops.hpp"

namespace heddle {

/// Loops that bring the network from any state to the next motif's initial state.
struct Preparation {
    Loops loops;      ///< U = Q, V = −shift · Q for an orthonormal basis Q of the slowest modes.
    double duration;  ///< t_p, s.
    double slowest;   ///< max Re of the closed network's eigenvalues (of W, τ_T = 0): what is left
                      ///< to wait for.
};

/// Moves the `rank` rightmost eigenvalues of W left by `shift` and leaves the others where they
/// are, by the ordered real Schur form. A tonic input then makes the next motif's initial state the
/// fixed point.
///
/// \param rank may grow by one so that no conjugate pair is split.
/// \throws DomainError if rank is not in 1 … n.
/// \cost O(n³) reordering of a Schur form that is already there.
[[nodiscard]] Preparation design_preparation(const Schur& schur, Index rank, double shift,
                                             double duration, double thalamic_tau);

}  // namespace heddle
