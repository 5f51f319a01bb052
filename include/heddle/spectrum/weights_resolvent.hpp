#pragma once

#include <memory>

#include "heddle/linalg/krylov.hpp"
#include "heddle/network/network.hpp"
#include "heddle/spectrum/closed_loop.hpp"

namespace heddle {

/// How (λ − W)⁻¹ is applied.
enum class WeightsSolver {
    automatic,   ///< See `solver_for`.
    dense,       ///< One Hessenberg reduction, 14/3 n³ flops, n² memory.
    krylov,      ///< Products with W alone; reaches shifts outside the bulk.
    structured,  ///< Exact, by the parts of W: reaches shifts anywhere but on an eigenvalue.
};

/// The resolvent (λ − W)⁻¹ of a network whose weights need never be one matrix.
class WeightsResolvent {
  public:
    virtual ~WeightsResolvent() = default;

    /// (λ_i − W)⁻¹ U for every i, side by side, in the resolvent's own basis: shape (n, m k).
    /// \throws DomainError if a λ_i is an eigenvalue of W; NotConverged if it is not reached.
    [[nodiscard]] virtual ComplexMatrix responses(const ComplexVectorView& eigenvalues,
                                                  const MatrixView& u) const = 0;

    /// (λ_i − W)⁻ᵀ V h_i for every i, shape (n, m). \throws as `responses`.
    [[nodiscard]] virtual ComplexMatrix left_vectors(const ComplexVectorView& eigenvalues,
                                                     const MatrixView& v,
                                                     const ComplexMatrixView& h) const = 0;

    /// Into the resolvent's own orthonormal basis, and back.
    [[nodiscard]] virtual Matrix into_basis(const MatrixView& b) const { return b; }
    [[nodiscard]] virtual ComplexMatrix from_basis(const ComplexMatrixView& x) const { return x; }
};

/// What `automatic` means for this network: dense weights `dense`; structured ones that are a
/// diagonal plus low rank, or one Kronecker product plus a multiple of 1 and low rank,
/// `structured`; others `krylov` from 4,001 units on, `dense` below. A choice other than
/// `automatic` is returned as it is.
[[nodiscard]] WeightsSolver solver_for(const Network& network, WeightsSolver asked);

/// The network's resolvent. `structured` solves with
///
///     F = λ − S  (diagonal, or a sparse LU factorisation)   or   F = λ − c − A ⊗ B  (Schur forms)
///
/// and adds P Qᵀ by Woodbury: (F − P Qᵀ)⁻¹ = F⁻¹ + F⁻¹ P (1 − Qᵀ F⁻¹ P)⁻¹ Qᵀ F⁻¹. Every solution is
/// put back into its equation and refined once; what is left above 1e-8 of the right-hand side
/// throws NotConverged.
///
/// \param threads for `krylov`, over right-hand sides, and `structured`, over shifts; 0: one a
/// core.
/// \throws DomainError if `structured` is asked for dense weights, for more than one Kronecker
///         product, or for one with a sparse part; as `dense_weights` for `dense`.
/// \cost For each shift O(n r (r + k)) for a diagonal, O(n (a + b) (r + k)) for a Kronecker
/// product,
///       one sparse factorisation otherwise.
/// \see Golub & Van Loan (2013), Matrix Computations, 2.1.4.
[[nodiscard]] std::unique_ptr<WeightsResolvent> resolvent_of(const Network& network,
                                                             WeightsSolver solver,
                                                             std::size_t threads = 0);

/// A view of a resolvent that is there already; it has to outlive the view.
[[nodiscard]] std::unique_ptr<WeightsResolvent> view_of(const Resolvent& resolvent);

/// y = W x and y = Wᵀ x; the network has to outlive the first.
[[nodiscard]] LinearMap product_with(const Network& network);
[[nodiscard]] LinearMap transposed_product_with(const Network& network);

/// `loop_modes` and `closed_loop` by any resolvent, from its `responses`.
[[nodiscard]] LoopModes loop_modes(const WeightsResolvent& resolvent, ComplexVector eigenvalues,
                                   ComplexMatrix responses, ComplexMatrix directions);
[[nodiscard]] ClosedLoop closed_loop(const WeightsResolvent& resolvent, const Network& network,
                                     const Loops& loops, const LoopModes& placed);

}  // namespace heddle
