#pragma once

#include <limits>
#include <string>
#include <vector>

#include "heddle/linalg/joint_radius.hpp"
#include "heddle/loops/library.hpp"

namespace heddle {

struct CertificateOptions {
    JointRadiusOptions radius{.gap = 0.02, .products = 1000};       ///< The threshold is 1.
    double preparation = std::numeric_limits<double>::quiet_NaN();  ///< t_p, s; NaN: the library's.
    bool safe_time = true;  ///< Whether to look for the shortest preparation that can be proven.
};

/// What is proven about every sequence of motifs of a library, of any length and in any order.
///
/// After k motifs, starting off by δ_0,  |δ_k|₂ ≤ radius.constant · radius.upper^k |δ_0|₂ + bound.
struct Certificate {
    std::string verdict;    ///< "stable": upper < 1. "unstable": lower − lower_error ≥ 1, and the
                            ///< worst word, repeated, never settles. "undecided": neither.
    bool proven;            ///< Whether the verdict is one of the first two.
    std::string statement;  ///< What was proven, or what would help, in a sentence.
    JointRadius radius;     ///< Of {E M_i}, letters in the order of the library.
    std::vector<std::string> worst_word;  ///< The word of the lower bound, names of motifs.
    Vector contraction;                   ///< ‖E M_i‖₂, shape (m,).
    std::vector<std::string> breaking;  ///< Motifs with ‖E M_i‖₂ ≥ 1, the worst first: after these,
                                        ///< whatever motif follows, some deviation has grown.
    double step;   ///< h = max |E (M_i x_i − x_j)|₂, the deviation a single transition adds.
    double bound;  ///< The largest |δ|₂ a sequence can reach from δ_0 = 0, by the best of the three
                   ///< proofs; infinite unless stable.
    double preparation;  ///< t_p the certificate is about, s.
    double safe_time;  ///< A preparation for which "stable" was proven, at most 5 % longer than one
                       ///< for which it was tried in vain, s; may be longer than `preparation`.
                       ///< NaN if none was found, or not asked for.
};

/// E = e^{A_p t_p} is the preparation, M_i = e^{A_i T_i} motif i, x_i its initial state; deviations
/// from the planned state at the starts of motifs obey δ' = E M_i δ + E (M_i x_i − x_j). They stay
/// bounded for all sequences iff the joint spectral radius of {E M_i} is below 1 (`JointRadius`),
/// which a norm ‖E M_i‖₂ ≥ 1 does not rule out. With T and q of the ellipsoid,
///
///     bound = max_ij |T E (M_i x_i − x_j)| / (1 − q) ,   |δ| ≤ |T δ| ,
///
/// and likewise for the other two proofs. If only the compression leaves the verdict open, the
/// radius is bounded once more with a tenth of it. E M_i and all norms are those of the matrices as
/// computed.
///
/// \throws DomainError for a library without motifs or options out of range.
/// \cost One matrix exponential a motif, 25 n³ flops each; `joint_spectral_radius` once, and up to
///       about ten times with less effort for the safe time.
/// \see Jungers (2009), The Joint Spectral Radius, Springer, ch. 1-2.
[[nodiscard]] Certificate certify(const Library& library, const CertificateOptions& options = {},
                                  std::size_t threads = 0, const Progress& progress = {});

}  // namespace heddle
