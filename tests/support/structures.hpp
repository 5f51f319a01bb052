#pragma once

#include "heddle/network/generators.hpp"
#include "heddle/network/structured.hpp"
#include "support/examples.hpp"

/// Small structured weights that the tests share; each has n = 60 units and a radius below 1.
namespace heddle::examples {

inline SparseMatrix diagonal_matrix(const Vector& entries) {
    SparseMatrix s(entries.size(), entries.size());
    for (Index i = 0; i < entries.size(); ++i) s.insert(i, i) = entries(i);
    s.makeCompressed();
    return s;
}

inline StructuredWeights no_parts(Index n = 60) {
    return {SparseMatrix(n, n), Matrix(n, 0), Matrix(n, 0), {}};
}

/// A diagonal of entries in (−0.7, 0.7) plus rank 3.
inline StructuredWeights diagonal_and_low_rank(Index n = 60) {
    Vector entries(n);
    for (Index i = 0; i < n; ++i) entries(i) = 0.7 * std::sin(1.0 + static_cast<double>(i));
    const double scale = 0.5 / std::sqrt(static_cast<double>(n));
    return {diagonal_matrix(entries),
            scale * random_matrix(n, 3, 1),
            scale * random_matrix(n, 3, 2),
            {}};
}

/// Sparse plus rank 2.
inline StructuredWeights sparse_and_low_rank(Index n = 60) {
    const double scale = 0.5 / std::sqrt(static_cast<double>(n));
    return {sparse_weights(n, 0.2, 0.6, 3),
            scale * random_matrix(n, 2, 4),
            scale * random_matrix(n, 2, 5),
            {}};
}

/// 6 × 10 units, a leak of −0.1, and rank 1.
inline StructuredWeights kronecker_and_low_rank() {
    StructuredWeights weights = no_parts();
    weights.sparse = diagonal_matrix(Vector::Constant(60, -0.1));
    weights.kronecker = {{random_matrix(6, 6, 6) / 2.7, random_matrix(10, 10, 7) / 3.5}};
    weights.p = random_matrix(60, 1, 8) / 16.0;
    weights.q = random_matrix(60, 1, 9) / 16.0;
    return weights;
}

/// All parts at once, two Kronecker products among them.
inline StructuredWeights all_parts() {
    StructuredWeights weights = sparse_and_low_rank();
    weights.kronecker = {{random_matrix(6, 6, 6) / 6.0, random_matrix(10, 10, 7) / 6.0},
                         {random_matrix(6, 6, 10) / 8.0, Matrix::Identity(10, 10)}};
    return weights;
}

}  // namespace heddle::examples
