#include "heddle/loops/preparation.hpp"

#include <algorithm>

#include "heddle/core/error.hpp"
#include "heddle/linalg/eigenvalues.hpp"

namespace heddle {

Preparation design_preparation(const Schur& schur, Index rank, double shift, double duration,
                               double thalamic_tau) {
    const Index n = schur.q.rows();
    if (rank < 1 || rank > n)
        throw DomainError("preparatory loops: found " + std::to_string(rank) + ", expected 1 to " +
                          std::to_string(n));
    const OrderedSchur ordered = rightmost_first(schur, rank);
    const Matrix q = ordered.schur.q.leftCols(ordered.count);
    ComplexVector moved = ordered.schur.eigenvalues;
    moved.head(ordered.count).array() -= shift;
    return {{q, -shift * q, thalamic_tau}, duration, spectral_abscissa(moved)};
}

}  // namespace heddle
