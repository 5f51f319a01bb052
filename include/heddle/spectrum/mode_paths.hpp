#pragma once

#include <string>
#include <vector>

#include "heddle/core/parallel.hpp"
#include "heddle/spectrum/eigen_system.hpp"

namespace heddle {

/// Modes that have the same eigenvalue at one strength of the loops. From there on either of them
/// may be called the one or the other: their pairing is a convention.
struct ModeMeeting {
    double gate;               ///< g, from 0 to 1.
    Complex value;             ///< Their eigenvalue, to about √ρ, ρ the radius of the way round.
    std::vector<Index> modes;  ///< Two indices into `before`; one, if the other was not seen.
};

/// Where every eigenvalue of W goes while loops open slowly.
struct ModePaths {
    ComplexVector before;  ///< λ_i(0), the eigenvalues of W in canonical order, shape (n,).
    ComplexVector after;   ///< λ_i(1), those of W + U Vᵀ, each by the mode it comes from.
    ComplexMatrix first;   ///< ∂λ_i/∂g_k at g = 0, shape (n, k).
    ComplexMatrix last;    ///< ∂λ_i/∂g_k at g = 1, shape (n, k); 0 for lost modes.
    std::vector<ModeMeeting> meetings;  ///< By rising g.
    std::vector<Index> lost;  ///< Modes that could not be followed to the end; they have what the
                              ///< others left, the nearest first.
    Index evaluations;        ///< Of the small equation below.
    double mismatch;          ///< Largest distance of an end from the eigenvalue that dgeev finds.
    bool trusted;             ///< None is lost, and `mismatch` is below 1e-7 of the largest |λ|.
    std::string reason;       ///< Why not, and what would help; empty if trusted.
};

/// Follows each eigenvalue of W + g U Vᵀ from g = 0 to g = 1. With Ũ = L U and Ṽ = Rᵀ V of the
/// eigenvectors of W, the mode that comes from λ_p solves
///
///     z = λ_p + g ũ_pᵀ (1 − g M(z))⁻¹ ṽ_p ,   M(z) = Σ_{j≠p} ṽ_j ũ_jᵀ / (z − λ_j) ,
///
/// a k × k system, with λ_p always the eigenvalue of W that the mode resembles most. Steps in g are
/// so short that, at the rate at which its vectors change, it stays alike,
///
///     |lᵀ_old r_new lᵀ_new r_old / (lᵀ_old r_old lᵀ_new r_new) − 1| ≤ 0.04 ,
///
/// which says whether a step has gone from one mode to another. Where two meet, that rate grows
/// without bound: the path then leaves the real axis and goes round the meeting through Im g > 0,
/// and the meeting is reported. The ends are compared with the eigenvalues of W + U Vᵀ, one for
/// one; where two modes claim one of them, all is done again with shorter steps.
///
/// Nearly independent modes may meet, or nearly meet, over a stretch of g far shorter than a step.
/// Such a stretch is not resolved: each mode keeps its vectors through it, and nothing is reported.
///
/// With gates of their own, W + Σ_k g_k u_k v_kᵀ, the eigenvalues have the derivatives
///
///     ∂λ_i/∂g_k = l_iᵀ u_k v_kᵀ r_i / l_iᵀ r_i ,
///
/// the shift that loop k would cause if it opened fully and nothing but the first order counted.
///
/// \param system of the network alone, from `eigen_system`. \param loops of k ≥ 1, as `validate`
///        asks; time constants and delays do not enter.
/// \param threads 0: one per core; any number gives the same bits.
/// \throws ShapeError, DomainError as `validate` does; DomainError if `system` has loops open.
/// \cost Some 20 to 150 evaluations of 8 n k² flops a mode, most of them near meetings, and 10 n³
///       for the check.
/// \see Kato (1995), Perturbation Theory for Linear Operators, Springer, ch. II, for the paths;
///      Allgower & Georg (2003), Introduction to Numerical Continuation Methods, SIAM.
[[nodiscard]] ModePaths follow_modes(const EigenSystem& system, const Loops& loops,
                                     std::size_t threads = 0, const Progress& progress = {});

}  // namespace heddle
