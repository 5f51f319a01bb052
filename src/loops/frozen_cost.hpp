#pragma once

#include <optional>

#include "heddle/linalg/eigenbasis.hpp"
#include "heddle/loops/preparation_cost.hpp"

namespace heddle {

/// `preparation_cost` along a path of loops, without a decomposition for each: in the eigenbasis of
/// an earlier A₀ = W + U₀ V₀ᵀ − I, where L₀: X → A₀ X + X A₀ᵀ is inverted in O(n²), with
/// D = U Vᵀ − U₀ V₀ᵀ of rank 2 k,
///
///     X ← L₀⁻¹(−I − D X − X Dᵀ)     from the X of the last loops,
///
/// and Y likewise. The error of ℓ is the product of those of X and Y: ℓ is taken with the residual
/// of X weighted by Y, which makes it stationary in both. That of the gradient is of the order of
/// the tolerance. Where the iteration converges A is stable if A₀ is: no sum of eigenvalues passes
/// zero on the way. Where it does not, or slowly, the basis is renewed.
/// \cost About 28 n³ flops for a basis, 8 n² k for each pass over one Gramian.
class FrozenCost {
  public:
    FrozenCost(const Network& network, const PreparationAim& aim);

    /// Of a stable network without its abscissa (NaN). None if the eigenvectors are too nearly
    /// dependent for this to be accurate.
    /// \param tolerance relative, of X and Y.
    [[nodiscard]] std::optional<PreparationCost> evaluate(const Loops& loops, double tolerance);

  private:
    struct Basis {
        RealEigenbasis eigen;
        DiagonalLyapunov equation;
        Matrix u, v;           ///< R⁻¹ U₀, Rᵀ V₀.
        Matrix noise, weight;  ///< R⁻¹ R⁻ᵀ, Rᵀ S R / n.
        Matrix x, y;           ///< Gramians of the last loops.
    };
    struct Input;
    struct Gramian;

    [[nodiscard]] Input input(const Loops& loops) const;
    [[nodiscard]] std::optional<PreparationCost> in_basis(const Loops& loops);
    [[nodiscard]] std::optional<PreparationCost> renew(const Loops& loops);
    [[nodiscard]] std::optional<Gramian> relax(const Matrix& left, const Matrix& right,
                                               const Matrix& source, bool adjoint) const;
    [[nodiscard]] PreparationCost cost(const Input& in, const Gramian& x, const Gramian& y) const;

    const Network& network_;
    const PreparationAim& aim_;
    double tolerance_ = 0.0;
    Matrix weights_;
    std::optional<Basis> basis_;
};

}  // namespace heddle
