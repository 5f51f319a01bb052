#pragma once

#include "heddle/linalg/resolvent.hpp"
#include "heddle/motif/fit.hpp"
#include "heddle/network/network.hpp"
#include "loops/least_norm_map.hpp"

namespace heddle {

/// Loop outputs and directions h_m, from which the loops of a motif follow; or a gradient with
/// respect to them (∂/∂Re h + i ∂/∂Im h).
struct LoopVariables {
    Matrix u;                  ///< U, shape (n, k).
    ComplexMatrix directions;  ///< h_m, shape (k, q).
};

/// What the loops (U, h) of a motif are, and what its adjoint needs.
struct MappedModes {
    ComplexMatrix directions;  ///< g_m, shape (k, q).
    ComplexMatrix weights;     ///< w_m with g_m = h_m + O_mᴴ w_m, shape (d, q).
    Matrix parts;              ///< X = [Re r, Im r], shape (n, 2 q).
    LeastNormMap inputs;       ///< From X and [Re g, Im g] to V.
    Matrix v;                  ///< V, shape (n, k).
};

/// The loops of a motif as a smooth function of U and of any directions h_m, in the basis in which
/// a resolvent is reduced:
///
///     O_m = C (λ_m − W)⁻¹ U ,   g_m = h_m + O_m⁺ (C_m − O_m h_m)      (so that C r_m = C_m)
///     r_m = (λ_m − W)⁻¹ U g_m ,   V of least norm with  Vᵀ r_m = g_m
///
/// The rows C (λ_m − W)⁻¹ do not depend on the loops: a point costs q solves, its adjoint q more.
class ModeMap final {
  public:
    /// \param resolvent kept by reference.
    ModeMap(const Network& network, const Resolvent& resolvent, const ModeFit& fit);

    /// \throws DomainError if the modes or the outputs of the loops are linearly dependent.
    [[nodiscard]] MappedModes at(const LoopVariables& point) const;

    /// The gradient with respect to (U, h) of a function of (U, X, V).
    /// \param u, parts, v its derivatives with respect to U, X and V.
    [[nodiscard]] LoopVariables pull_back(const LoopVariables& point, const MappedModes& mapped,
                                          Matrix u, Matrix parts, const Matrix& v) const;

  private:
    [[nodiscard]] ComplexMatrix outputs(const Matrix& u) const;

    /// A step of `pull_back`: adds its share to the gradient of U, and returns that of h.
    [[nodiscard]] ComplexMatrix through_outputs(const LoopVariables& point,
                                                const MappedModes& mapped,
                                                const ComplexMatrix& directions, Matrix& u) const;

    const Resolvent& resolvent_;
    ComplexVector eigenvalues_;
    ComplexMatrix amplitudes_;
    Matrix rows_;  ///< Re, then Im of C (λ_m − W)⁻¹, all m below one another, shape (2 q d, n).
};

}  // namespace heddle
