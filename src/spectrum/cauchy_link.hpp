#pragma once

#include <vector>

#include "spectrum/repeated_poles.hpp"
#include "spectrum/secular_roots.hpp"
#include "spectrum/secular_sums.hpp"

namespace heddle {

/// Factors of the vectors on one side, one entry a root: the entries of vector i are
///
///     x_ji = spread_i a_j / (z_i − λ_j)   (j ≠ p) ,     x_pi = at_pole_i .
struct CauchyScale {
    ComplexVector spread, at_pole;
};

/// What one loop does to an eigen-decomposition, in O(n) numbers: the eigenvalues and eigenvectors
/// of Λ + a bᵀ, which are x_i ∝ (z_i − Λ)⁻¹ a on the right and y_i ∝ (z_i − Λ)⁻¹ b on the left,
/// ‖x_i‖ = 1 and y_iᵀ x_k = δ_ik. A root that has not left its pole (a_p = 0 or b_p = 0) keeps the
/// vector e_p on one side or on both.
struct CauchyLink {
    PairLayout layout;   ///< Of the poles.
    ComplexVector a, b;  ///< In full form.
    SplitPoints poles;   ///< λ, full form.
    SecularRoots roots;
    CauchyScale right, left;
    std::vector<PoleGroup> groups;  ///< Bases of coinciding poles; a and b refer to these.
};

/// \param poles, a, b in half form. \cost O(n²).
[[nodiscard]] CauchyLink cauchy_link(const ComplexVectorView& poles, PairLayout layout,
                                     ComplexVector a, ComplexVector b);

/// Rows that meet right vectors (S R, say, to S R X) and rows that meet left ones (coordinates of
/// vectors: Lu to Y Lu, as rows), both over the poles in half form; the same over the roots.
struct LinkRows {
    ComplexMatrix right, left;
};
/// \cost 4 n² complex multiply-adds a row, in real matrix products.
[[nodiscard]] LinkRows through(const CauchyLink& link, const LinkRows& rows);

/// X c or Yᵀ c for vectors c over the roots that are closed under conjugation, shape (half, m);
/// over the poles, shape (half, m).
[[nodiscard]] ComplexMatrix spread_right(const CauchyLink& link, const ComplexMatrixView& c);
[[nodiscard]] ComplexMatrix spread_left(const CauchyLink& link, const ComplexMatrixView& c);

/// K X Kᴴ and K Y Kᴴ, real, shape (n, n): the columns of one are all right vectors in real form,
/// the rows of the other all left ones.
[[nodiscard]] Matrix right_matrix(const CauchyLink& link);
[[nodiscard]] Matrix left_matrix(const CauchyLink& link);

}  // namespace heddle
