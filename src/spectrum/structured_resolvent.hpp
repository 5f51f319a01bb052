#pragma once

#include <optional>
#include <variant>

#include "heddle/network/structured.hpp"

namespace heddle {

/// Whether W is a diagonal plus low rank, or one Kronecker product plus a multiple of 1 and low
/// rank: parts whose exact resolvent is cheap at any size.
[[nodiscard]] bool is_cheap(const StructuredWeights& weights);

/// (λ − W)⁻¹ by the parts of W.
class StructuredSolver final {
  public:
    /// \throws DomainError if the parts have no resolvent but a dense one.
    explicit StructuredSolver(StructuredWeights weights);

    /// (λ − W)⁻¹ b, shape (n, k), residual below 1e-8.
    /// \throws DomainError, NotConverged.
    [[nodiscard]] ComplexMatrix solve(Complex shift, const ComplexMatrixView& b) const;

    /// Vᵀ (λ − W)⁻¹ U without its check, for many shifts and a diagonal S.
    [[nodiscard]] ComplexMatrix transfer(Complex shift, const MatrixView& u,
                                         const MatrixView& v) const;

  private:
    [[nodiscard]] ComplexMatrix solve_base(Complex shift, const ComplexMatrixView& b) const;
    [[nodiscard]] ComplexMatrix solve_once(Complex shift, const ComplexMatrixView& b) const;
    [[nodiscard]] Vector residuals(Complex shift, const ComplexMatrixView& x,
                                   const ComplexMatrixView& b, ComplexMatrix& rest) const;

    StructuredWeights weights_;
    Vector diagonal_;  ///< Of S, if S has nothing else; else empty.
    std::optional<KroneckerResolvent> kronecker_;
    double norm_;  ///< ‖W‖_F.
};

}  // namespace heddle
