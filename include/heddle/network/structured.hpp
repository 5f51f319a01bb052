#pragma once

#include <vector>

#include "heddle/linalg/kronecker.hpp"
#include "heddle/linalg/sparse.hpp"

namespace heddle {

/// Recurrent weights that are never one matrix:
///
///     W = S + P Qᵀ + Σ_i A_i ⊗ B_i
///
/// with S sparse or diagonal, P and Q tall, and Kronecker factors whose sizes multiply to n. A
/// product with a vector costs O(nnz + n r + n (a + b)). Any part may be absent: an S without
/// entries, P and Q without columns, no Kronecker product.
struct StructuredWeights {
    SparseMatrix sparse;               ///< S, shape (n, n).
    Matrix p;                          ///< Shape (n, r).
    Matrix q;                          ///< Shape (n, r).
    std::vector<Kronecker> kronecker;  ///< All with factors of the same two sizes.

    [[nodiscard]] Index rows() const noexcept { return sparse.rows(); }
    [[nodiscard]] Index cols() const noexcept { return sparse.cols(); }
};

/// Mean connectivity between populations, with an optional S:
///
///     W[i, j] = blocks[a, b] / sizes[b]   for i in population a, j in population b,
///
/// of rank at most p: a population's input is `blocks` times the mean activities, and the non-zero
/// eigenvalues of W are those of `blocks`.
///
/// \param blocks shape (p, p). \param sizes shape (p,), the units of each population, in order.
/// \throws ShapeError, DomainError  naming the argument.
[[nodiscard]] StructuredWeights block_weights(const MatrixView& blocks,
                                              const std::vector<Index>& sizes);

/// \throws ShapeError, DomainError  naming the part: S square, P and Q of shape (n, r), factors
///         square, of sizes that multiply to n and are the same for all, everything finite.
void validate(const StructuredWeights& weights);

/// W x for every column of x.
[[nodiscard]] Matrix apply(const StructuredWeights& weights, const MatrixView& x);

[[nodiscard]] StructuredWeights transposed(const StructuredWeights& weights);

/// Shape (n, n).
[[nodiscard]] Matrix dense(const StructuredWeights& weights);

/// tr W and ‖W‖_F², from inner products of the parts.
/// \cost O(nnz r + n r² + n r (a + b)).
[[nodiscard]] double trace(const StructuredWeights& weights);
[[nodiscard]] double squared_norm(const StructuredWeights& weights);

}  // namespace heddle
