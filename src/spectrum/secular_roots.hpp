#pragma once

#include <vector>

#include "spectrum/pair_coordinates.hpp"

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
    double correction = 0.0;  ///< Largest last correction: how far the iteration still moved.
    Index evaluations = 0;    ///< Of f, n complex reciprocals each.
    bool found = false;       ///< Whether every root settled.
    bool restarted = false;   ///< Whether it took the eigenvalues that LAPACK finds to start from.
};

/// Ehrlich–Aberth iteration from the poles, λ_j + d_j / (1 − Σ_{k≠j} d_k / (λ_j − λ_k)), clipped to
/// half the distance to the next pole. Closed under conjugation to the last bit. A pole without
/// strength stays, and so do all but one of poles that coincide.
///
/// \param poles λ in half form. \param strengths d in half form.
/// \cost About 5 evaluations a root, n² complex reciprocals each time round; O(n³) once if the
///       iteration fails and LAPACK has to help (`restarted`).
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
