#pragma once

#include <vector>

#include "heddle/core/parallel.hpp"
#include "heddle/linalg/joint_radius.hpp"

namespace heddle {

/// Upper bounds of the norms of the blocks of a matrix [[X, C], [R, D]] of which only an
/// approximation of X is at hand.
struct JointBound {
    double inner;  ///< Of the approximation of X.
    double error;  ///< Of what it is off by.
    double in;     ///< Of C.
    double out;    ///< Of R.
    double rest;   ///< Of D.
};

/// The 2-norm of [[inner + error, in], [out, rest]], which bounds that of the whole matrix.
[[nodiscard]] double whole_norm(const JointBound& bound);

/// One of the matrices whose products are looked at.
struct JointLetter {
    Matrix inner;
    JointBound bound;
};

/// What a search over words has found.
struct JointWords {
    double upper;         ///< Every long word splits into words w with ‖A_w‖ ≤ upper^{|w|}.
    double growth;        ///< C with ‖A_w‖ ≤ C upper^{|w|} for every word.
    std::size_t longest;  ///< Letters of the longest of those words.
    double truncation;    ///< How much lower `upper` were if the inner matrices were all there is.
    double lower;         ///< Largest ρ(A_w)^{1/|w|} met, of the inner matrices.
    double lower_error;   ///< What it may be off by, to first order.
    std::vector<std::size_t> word;  ///< The word that has it.
    std::size_t examined;           ///< Products looked at.
};

/// Best first: of all words that are leaves of the tree, the one with the largest bound is replaced
/// by those one letter longer. \param options gap, threshold, decide_only, products and threads are
/// used.
[[nodiscard]] JointWords search_words(const std::vector<JointLetter>& letters,
                                      const JointRadiusOptions& options, const Progress& progress);

}  // namespace heddle
