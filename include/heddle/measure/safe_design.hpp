#pragma once

#include <string>
#include <vector>

#include "heddle/core/parallel.hpp"
#include "heddle/loops/library.hpp"

namespace heddle {

struct SafeDesignOptions {
    bool preparation = true;           ///< Change the preparatory loops.
    bool motifs = true;                ///< Change the loops of motifs.
    int most_rounds = 6;               ///< Each a preparation, then the motifs.
    int preparation_evaluations = 40;  ///< Most evaluations of φ_p a round.
    int motif_evaluations = 12;        ///< Most evaluations of φ_i for each motif a round.
    double least_gain = 0.03;          ///< A round that shortens the safe time by less is the last.
};

/// One descent of a design, and what it was worth.
struct SafeDesignStep {
    std::string block;   ///< "preparation" or "motifs".
    double time;         ///< t at which the norms below are taken, s.
    double norm_before;  ///< e^φ, not below max_i ‖T E M_i T⁻¹‖₂ over the motifs changed.
    double norm_after;
    double safe_time;   ///< Proven with what the library then holds, s.
    Index evaluations;  ///< Of φ and its gradient.
    Index motifs;       ///< Motifs whose maps were looked at.
    bool kept;          ///< Whether the safe time fell by this step; else nothing was changed.
};

/// A library whose shortest safe preparation is shorter, with the evidence.
struct SafeDesign {
    Library library;     ///< Its preparation lasts as long as before.
    double before;       ///< Safe time of the library given, s; NaN if none was found.
    double after;        ///< Safe time of `library`, s, proven; never above `before`.
    double step_before;  ///< h = max |E (M_i x_i − x_j)|₂ at the library's duration, as given …
    double step_after;   ///< … and now; at most a quarter more.
    std::vector<SafeDesignStep> steps;
    Index evaluations;   ///< All together.
    bool converged;      ///< The last round gained less than `least_gain`.
    bool trusted;        ///< `after` is proven, the preparation is stable and proven safe at its
                         ///< own duration, and all motifs are trusted.
    std::string reason;  ///< Why not, and what would help; empty if trusted.
};

/// Designs preparatory loops and motif loops together, so that the shortest preparation that is
/// proven safe (`Certificate::safe_time`) becomes as short as it can be made by descent:
///
///     E = e^{(W + U_p V_pᵀ − 1) t / τ} ,   M_i = e^{(W + U_i V_iᵀ − 1) T_i / τ}
///     φ_p(U_p, V_p) = ln (Σ_i ‖T E M_i T⁻¹‖_16^16)^{1/16} ,   φ_i(U_i, h_i) = ln ‖T E M_i T⁻¹‖_16
///
/// with T the ellipsoid of the joint spectral radius at the present safe time t, and ‖X‖_16 the
/// Schatten norm (tr (XᵀX)⁸)^{1/16}, smooth and never below ‖X‖₂. A round lowers φ_p over loops
/// whose factors keep their Frobenius norms, then φ_i for every motif within half of the largest
/// norm, over U_i and the K − d directions of every mode that its output leaves free: the output of
/// an undisturbed motif is the fit, as before. After each, t becomes the new safe time; what did
/// not shorten it is undone, and so is what lets h grow by more than a quarter; φ_p has a term for
/// h that begins to weigh there. Gradients are exact: the exponential's is carried back through its
/// Taylor polynomial and squarings, the least-norm V's through its QR factorisation. The first
/// round starts from the library's preparation or the `optimise_preparation` optimum of the same
/// norms, whichever has the lower φ_p.
///
/// Same bits for any number of threads.
///
/// \param library τ_T = 0; with motifs; not changed.
/// \throws DomainError if the library has no motif, no preparatory loops, thalamic units with a
///         time constant, or an option is out of range.
/// \cost An evaluation takes about 40 products of 2 n³ flops; φ_i at long T_i about 60. n = 500,
///       26 motifs: two rounds take more than seven minutes on two busy cores.
/// \see docs/explanation/loops.md; Al-Mohy & Higham (2009), SIAM J. Matrix Anal. Appl. 30(4).
[[nodiscard]] SafeDesign optimise_safe_time(const Library& library,
                                            const SafeDesignOptions& options = {},
                                            std::size_t threads = 0, const Progress& progress = {});

}  // namespace heddle
