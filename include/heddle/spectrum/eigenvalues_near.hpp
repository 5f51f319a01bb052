#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "heddle/core/parallel.hpp"
#include "heddle/spectrum/weights_resolvent.hpp"

namespace heddle {

struct NearOptions {
    Index count = 1;          ///< Eigenvalues asked for at each point.
    double offset = 0.05;     ///< How far right of a point the shift lies.
    double tolerance = 1e-8;  ///< Residual above which an eigenvalue has not converged.
    WeightsSolver solver = WeightsSolver::automatic;  ///< See `solver_for`.
    std::uint64_t seed = 0;                           ///< Of the vectors to start from.
    std::size_t threads = 0;                          ///< One a point; 0: one per core.
};

/// Eigenvalues of W + U Vᵀ around one point.
struct NearbyEigenvalues {
    Complex point;
    ComplexVector values;  ///< Nearest to the point first, shape (c,), c ≤ count.
    Vector residual;       ///< ‖(W + U Vᵀ − λ) x‖ for the eigenvector x of unit norm, shape (c,).
    bool converged;        ///< Whether all that were asked for are there, within the tolerance.
    std::string reason;    ///< Why not; empty if converged.
};

/// What the closed network's spectrum holds around chosen points, independently of how the loops
/// were designed: Krylov–Schur on the real map
///
///     x → Re (σ − W − U Vᵀ)⁻¹ x ,   σ = point + offset ,
///
/// whose dominant eigenvectors belong to the eigenvalues nearest to σ (and to σ̄); each eigenvalue
/// is the Rayleigh quotient of its vector. The inverse is that of the open network, with the loops
/// added by Woodbury.
///
/// The shift lies right of the point, so that a designed eigenvalue does not make it singular. With
/// `krylov` every application is a Krylov space of its own, and a shift is reached only outside the
/// bulk: an eigenvalue within the edge of a large circular law is not, and the answer says so.
///
/// \param points shape (p,), finite. \param loops without thalamic time constant.
/// \throws ShapeError, DomainError naming the argument, before any long computation.
/// \cost Some 4 count + 20 solves with the network's resolvent a point.
/// \see Stewart (2002), A Krylov–Schur algorithm for large eigenproblems, SIMAX 23(3); Parlett &
///      Saad (1987), Linear Algebra Appl. 88/89, for the real part of a complex shift.
[[nodiscard]] std::vector<NearbyEigenvalues> eigenvalues_near(const Network& network,
                                                              const Loops& loops,
                                                              const ComplexVectorView& points,
                                                              const NearOptions& options = {},
                                                              const Progress& progress = {});

}  // namespace heddle
