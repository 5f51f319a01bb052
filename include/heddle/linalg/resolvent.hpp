#pragma once

#include "heddle/linalg/types.hpp"

namespace heddle {

struct Schur;

/// The resolvent (λ − A)⁻¹ of a real matrix at many shifts λ: A is reduced once, a solve is O(n²).
///
/// Two reductions, one interface. `hessenberg` (14/3 n³ flops) suits a few shifts: each solve is an
/// RQ sweep over the Hessenberg matrix (Henry 1994), 7 n² + 4 n² k flops for k right-hand
/// sides that share a shift. `schur` (25 n³) suits many: each solve is a blocked back-substitution,
/// mostly BLAS-3, 2 n² flops. In both, 4 n² flops carry a complex vector to the basis Q in which
/// A = Q F Qᵀ is reduced, and as many back: who needs only inner products of solutions stays there.
///
/// \see G. Henry (1994), The shifted Hessenberg system solve computation, Cornell CTC94TR163.
class Resolvent final {
  public:
    /// Reduces `a` to Hessenberg form.
    explicit Resolvent(const MatrixView& a);
    /// Takes over a Schur form that is already there.
    explicit Resolvent(const Schur& schur);

    [[nodiscard]] Index size() const noexcept { return q_.rows(); }

    /// X with column j equal to (shifts[j] − A)⁻¹ b[:, j].
    /// Columns that share a shift should stand side by side: they share the work.
    /// \param shifts shape (m,); \param b shape (n, m).
    /// \throws ShapeError; DomainError, naming the shift, if it is an eigenvalue of A to working
    ///         precision: so near one that rounding A would leave less than two digits of x.
    [[nodiscard]] ComplexMatrix solve(const ComplexVectorView& shifts,
                                      const ComplexMatrixView& b) const;

    /// The same with Aᵀ (plain transpose) in place of A.
    [[nodiscard]] ComplexMatrix solve_transposed(const ComplexVectorView& shifts,
                                                 const ComplexMatrixView& b) const;

    /// (shifts[i] − A)⁻¹ b for every i, side by side: the first k columns for shifts[0], and so on.
    /// About twice as fast as `solve` on copies of b.
    /// \param shifts shape (m,); \param b shape (n, k). \return shape (n, m k).
    [[nodiscard]] ComplexMatrix solve_each(const ComplexVectorView& shifts,
                                           const MatrixView& b) const;

    /// Qᵀ b: into the reduced basis, where lengths and angles are the same.
    [[nodiscard]] Matrix rotate(const MatrixView& b) const;
    [[nodiscard]] ComplexMatrix rotate(const ComplexMatrixView& b) const;

    /// Q x: back.
    [[nodiscard]] Matrix rotate_back(const MatrixView& x) const;
    [[nodiscard]] ComplexMatrix rotate_back(const ComplexMatrixView& x) const;

    /// F of A = Q F Qᵀ, upper Hessenberg: zero below its first subdiagonal, shape (n, n).
    [[nodiscard]] const Matrix& reduced() const noexcept { return factor_; }

    /// `solve`, `solve_each` and `solve_transposed` from Qᵀ b to Qᵀ x.
    [[nodiscard]] ComplexMatrix solve_rotated(const ComplexVectorView& shifts,
                                              const ComplexMatrixView& rotated) const;
    [[nodiscard]] ComplexMatrix solve_each_rotated(const ComplexVectorView& shifts,
                                                   const MatrixView& rotated) const;
    [[nodiscard]] ComplexMatrix solve_transposed_rotated(const ComplexVectorView& shifts,
                                                         const ComplexMatrixView& rotated) const;

  private:
    [[nodiscard]] ComplexMatrix solve_columns(const ComplexVectorView& shifts,
                                              const ComplexMatrixView& rotated,
                                              bool transposed) const;
    void solve_reduced(const Matrix& factor, const ComplexVectorView& shifts, Matrix& panel) const;

    Matrix q_;        ///< A = Q F Qᵀ.
    Matrix factor_;   ///< F: upper Hessenberg or upper quasi-triangular.
    Matrix flipped_;  ///< Fᵀ read from its last row and column backwards: upper again.
    bool quasi_triangular_;
};

}  // namespace heddle
