#pragma once

#include <vector>

#include "heddle/core/parallel.hpp"
#include "heddle/linalg/types.hpp"

namespace heddle {

/// A matrix in the basis (Q, Q⊥): [[B, C], [R, D]].
struct JointBlocks {
    Matrix inner;  ///< B, shape (r, r).
    Matrix in;     ///< C Q⊥ᵀ, shape (r, n); empty without compression. Its norm is that of C.
    Matrix out;    ///< Q⊥ R, shape (n, r); likewise.
    double rest;   ///< ‖D‖₂.
    double size;   ///< ‖A‖_F.
};

/// Matrices reduced to a subspace that holds nearly all of their columns.
struct JointCompression {
    Matrix basis;  ///< Q, shape (n, r); empty where nothing was compressed, Q = 1.
    std::vector<JointBlocks> blocks;
};

/// Q holds the leading eigenvectors of Σ A_i A_iᵀ, as few as leave √Σ ‖Q⊥ᵀ A_i‖_F² ≤ `tolerance` ·
/// √Σ ‖A_i‖_F². Matrices too small to be worth it are taken as they are.
[[nodiscard]] JointCompression compress_jointly(const std::vector<Matrix>& matrices,
                                                double tolerance, std::size_t threads,
                                                const Progress& progress);

}  // namespace heddle
