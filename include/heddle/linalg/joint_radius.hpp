#pragma once

#include <string>
#include <vector>

#include "heddle/core/parallel.hpp"
#include "heddle/linalg/types.hpp"

namespace heddle {

struct JointRadiusOptions {
    double gap = 0.01;            ///< Enough when upper ≤ (1 + gap) lower …
    double threshold = 1.0;       ///< … and this does not lie between them.
    bool decide_only = false;     ///< Enough when upper < threshold, or lower − lower_error >
                                  ///< threshold.
    Index steps = 200;            ///< Most descent steps towards the ellipsoidal norm.
    std::size_t products = 2000;  ///< Most products that the search over words looks at.
    double compression = 5e-3;  ///< Part of √Σ‖A_i‖_F² that may be left outside the subspace; it is
                                ///< accounted for in every bound. 0: no compression.
    double most_condition = 1e6;  ///< Largest κ₂(T).
    std::size_t threads = 0;
};

/// Bounds on the joint spectral radius of matrices A_0 … A_{m−1} of shape (n, n),
///
///     ρ̂ = lim_k  max_{|w| = k} ‖A_w‖^{1/k} ,   A_w = A_{w_k} ⋯ A_{w_1} ,
///
/// the fastest growth of any product: every product of every order decays iff ρ̂ < 1.
struct JointRadius {
    double lower;        ///< ρ(A_w)^{1/|w|} of the word below, as computed; lower ≤ ρ̂ up to
                         ///< `lower_error`.
    double lower_error;  ///< To first order, what truncation and rounding may have added to it: all
                         ///< of it where the eigenvalue is defective.
    std::vector<std::size_t> word;  ///< The word that attains it, first letter first. Empty, and
                                    ///< lower 0, if the 2-norm was enough to decide.
    double upper;                   ///< ρ̂ ≤ upper, the least of the next three.
    double norm;                    ///< max ‖A_i‖₂.
    double ellipsoid;               ///< q with ‖T A_i T⁻¹‖₂ ≤ q for every i: with P = TᵀT,
                                    ///< A_iᵀ P A_i ≤ q² P.
    double products;       ///< q such that every long word splits into words w, none longer than
                           ///< `longest`, with ‖T A_w T⁻¹‖₂ ≤ q^{|w|}.
    std::string proof;     ///< Which one `upper` is: "2-norm", "ellipsoid" or "products".
    std::size_t longest;   ///< Letters of the longest of those words.
    double growth;         ///< C with ‖T A_w T⁻¹‖₂ ≤ C products^{|w|} for every word w.
    double constant;       ///< K with ‖A_w‖₂ ≤ K upper^{|w|} for every word w.
    double condition;      ///< κ₂(T).
    double truncation;     ///< Of `upper`, what the compression and rounding margins have added.
    Index rank;            ///< Dimensions of the subspace in which T was sought.
    std::size_t examined;  ///< Products looked at.
    Matrix transform;      ///< T, shape (n, n), scaled so that ‖T⁻¹‖₂ = 1: |x| ≤ |T x|.
};

/// Bounds the joint spectral radius from both sides.
///
/// 1. Compression. With Q an orthonormal basis of the joint column space up to a small part, each
///    A_i is [[B_i, C_i], [R_i, D_i]] in (Q, Q⊥), R_i and D_i small. Norms of products are bounded
///    by those of the 2 × 2 matrices of block norms, so nothing that is left out is forgotten.
/// 2. Ellipsoid. T minimises log Σ_i tr((T A_i T⁻¹)ᵀ(T A_i T⁻¹))^p / 2p, a bound of the logarithm
///    of max ‖T A_i T⁻¹‖₂ that tightens as p doubles from 2 to 256, by descent along the geodesics
///    of positive definite matrices TᵀT. It is convex along them, so there are no local minima.
///    Whatever T is found, the norms of T A_i T⁻¹ are computed afresh, with margins for rounding.
/// 3. Words. The word whose bound is the largest is replaced by all words one letter longer, as
///    long as that is worth it. The largest ρ(A_w)^{1/|w|} met is the lower bound.
///
/// The bounds hold for the matrices as given. The same bits for any number of threads.
///
/// \param matrices at least one, all square and of one size, n ≥ 1.
/// \throws ShapeError; DomainError for no matrix, NaN or infinity, or options out of range.
/// \cost O(m n² r) to compress to rank r, 12 m r³ flops and more a step, 2 r³ to 14 r³ a product.
/// \see Gripenberg (1996), Computing the joint spectral radius, Lin. Alg. Appl. 234; Blondel,
///      Nesterov & Theys (2005), On the accuracy of the ellipsoid norm approximation of the joint
///      spectral radius, Lin. Alg. Appl. 394; Ahmadi, Jungers, Parrilo & Roozbehani (2014), Joint
///      spectral radius and path-complete graph Lyapunov functions, SIAM J. Control Optim. 52(1).
[[nodiscard]] JointRadius joint_spectral_radius(const std::vector<Matrix>& matrices,
                                                const JointRadiusOptions& options = {},
                                                const Progress& progress = {});

}  // namespace heddle
