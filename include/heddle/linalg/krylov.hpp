#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "heddle/linalg/resolvent.hpp"

namespace heddle {

/// A matrix that is known by what it does: y = A x, both of length n.
using LinearMap = std::function<void(const Vector& x, Vector& y)>;

struct KrylovOptions {
    double tolerance = 1e-11;  ///< ‖b − (λ − A) x‖ / ‖b‖ that every shift has to reach.
    Index most_steps = 800;    ///< One product with A and one vector of memory each.
};

/// x(λ) = (λ − A)⁻¹ b for any λ from one Krylov space span{b, A b, A² b, …}: the space does not
/// depend on λ, so many shifts cost what one does.
///
/// Arnoldi's process builds an orthonormal basis with A Q = Q H + h q eᵀ; then
///
///     x(λ) = ‖b‖ Q (λ − H)⁻¹ e_1 ,   ‖b − (λ − A) x‖ = h ‖b‖ |last entry of (λ − H)⁻¹ e_1| .
///
/// The residual falls as (ρ / |λ|)^steps for a spectrum in a disc of radius ρ: shifts inside it are
/// not reached.
/// \see Frommer & Glässner (1998), Restarted GMRES for shifted linear systems, SIAM J. Sci. Comput.
///      19(1); Simoncini & Szyld (2007), Numer. Linear Algebra Appl. 14.
class KrylovSpace final {
  public:
    /// Builds the space until every one of `shifts` is reached.
    /// \throws DomainError if b is zero; NotConverged, naming the worst shift and its residual,
    ///         after most_steps.
    /// \cost m products with A and 4 n m² flops (2 more when rounding asks for a second pass).
    KrylovSpace(const LinearMap& a, const VectorView& b, const ComplexVectorView& shifts,
                const KrylovOptions& options = {});

    [[nodiscard]] Index size() const noexcept { return n_; }
    [[nodiscard]] Index steps() const noexcept { return hessenberg_.cols(); }

    /// x(λ) for every λ, shape (n, m).
    [[nodiscard]] ComplexMatrix solve(const ComplexVectorView& shifts) const;

    /// ‖b − (λ − A) x(λ)‖ / ‖b‖ for every λ.
    [[nodiscard]] Vector residuals(const ComplexVectorView& shifts) const;

    /// Lᵀ Q, which is all of the space that inner products with the columns of L need.
    [[nodiscard]] Matrix project(const MatrixView& l) const;

    /// What a space shows of the solutions without a vector of length n.
    struct Observation {
        ComplexMatrix values;  ///< Lᵀ x(λ), shape (k, m).
        Vector residuals;      ///< As `residuals` gives them.
    };
    /// \param projected `project(l)`.
    [[nodiscard]] Observation observe(const Matrix& projected,
                                      const ComplexVectorView& shifts) const;

  private:
    /// Orthogonalises y against the basis; the coefficients are added to h.
    void orthogonalise(Vector& y, Eigen::Ref<Vector> h) const;
    void append(const Vector& q);
    [[nodiscard]] ComplexMatrix coordinates(const ComplexVectorView& shifts) const;

    Index n_;
    double norm_;                ///< ‖b‖.
    double next_ = 0.0;          ///< h.
    Index columns_ = 0;          ///< Of the basis, the one that h belongs to among them.
    std::vector<Matrix> basis_;  ///< In blocks, so that growing copies nothing.
    Matrix hessenberg_;
    std::optional<Resolvent> reduced_;  ///< Of H, once the space is complete.
};

}  // namespace heddle
