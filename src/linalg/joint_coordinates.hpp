#pragma once

#include <vector>

#include "linalg/joint_compression.hpp"
#include "linalg/joint_words.hpp"

namespace heddle {

/// T on the subspace and γ times the identity beside it: coordinates in which norms are taken.
struct JointCoordinates {
    Matrix t;       ///< Upper triangular, shape (r, r).
    Vector sigma;   ///< Singular values of T, shape (r,).
    double beside;  ///< γ.
};

/// Coordinates on a compressed subspace, for which `letters_in` has to find γ, or on all of space.
[[nodiscard]] JointCoordinates coordinates_of(Matrix t, bool compressed);

/// κ₂ of both parts together.
[[nodiscard]] double condition(const JointCoordinates& c);

/// The matrices in these coordinates. γ becomes the one for which their largest bound is least.
[[nodiscard]] std::vector<JointLetter> letters_in(const JointCompression& compression,
                                                  JointCoordinates& coordinates, Index n,
                                                  std::size_t threads);

/// The largest bound of a letter's norm if γ were `beside` times as large.
[[nodiscard]] double largest_bound(const std::vector<JointLetter>& letters, double beside);

/// Q T Qᵀ + γ (1 − Q Qᵀ), with its smallest singular value scaled to 1.
[[nodiscard]] Matrix whole_transform(const JointCoordinates& c, const Matrix& basis);

}  // namespace heddle
