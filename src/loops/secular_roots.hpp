#pragma once

#include <vector>

#include "loops/pair_coordinates.hpp"

namespace heddle {

/// The eigenvalues of D + 1 dᵀ, D = diag(λ): the zeros of
///
///     f(z) = 1 − Σ_j d_j / (z − λ_j) ,
///
/// each stored as its distance from the nearest pole, so that z_i − λ_j = (λ_p − λ_j) + δ_i keeps
/// its digits where a pole hardly moves.
struct SecularRoots {
    PairLayout layout;
    std::vector<Index> pole;  ///< p of each root in half form, an index into the full poles.
    ComplexVector shift;      ///< δ, half form.
    ComplexVector values;     ///< λ_p + δ, half form.
    double correction;        ///< Largest last correction: how far the iteration still moved.
};

/// Ehrlich–Aberth iteration from the eigenvalues that LAPACK finds.
/// \param poles λ in half form. \param strengths d in half form.
/// \throws NotConverged if two roots are too close to be told apart.
/// \see Aberth (1973), Math. Comp. 27(122); Bini (1996), Numerical Algorithms 13.
[[nodiscard]] SecularRoots secular_roots(const ComplexVectorView& poles,
                                         const ComplexVectorView& strengths, PairLayout layout);

/// Right and left eigenvectors of D + 1 dᵀ, half columns and half rows of
///
///     C_ji = δ_i / (z_i − λ_j) ,   Z = C⁻¹ ,   Z_ij = d_j / (δ_i f′(z_i) (z_i − λ_j)) ,
///
/// finite also where d_j and δ_i are zero; |δ_i| in place of δ_i for a real root next to a complex
/// pole, so that vectors of real roots are closed under conjugation.
struct CauchyVectors {
    ComplexMatrix columns;  ///< C, shape (n, half).
    ComplexMatrix rows;     ///< Z, shape (half, n).
};
[[nodiscard]] CauchyVectors cauchy_vectors(const SecularRoots& roots,
                                           const ComplexVectorView& poles,
                                           const ComplexVectorView& strengths, PairLayout layout);

}  // namespace heddle
