#pragma once

#include <string>
#include <vector>

#include "heddle/core/parallel.hpp"
#include "heddle/linalg/types.hpp"

namespace heddle {

/// Whether all principal minors of a matrix are positive.
struct PMatrixTest {
    bool holds;                  ///< Found to be a P-matrix.
    bool decided;                ///< Else the budget ended first.
    std::vector<Index> witness;  ///< If it is not: rows and columns of a minor ≤ 0.
    double least_pivot;          ///< Smallest ratio of two minors that was met; ≤ 0 at the witness.
    Index steps;                 ///< Schur complements that were taken.
    std::string statement;       ///< Which of these, and why.
};

/// Tests the principal minors of A: first what is cheap and suffices (A + Aᵀ positive definite,
/// strictly dominant positive diagonal), then recursively: A is a P-matrix iff a₁₁ > 0, and A
/// without its first row and column and the Schur complement A / a₁₁ are P-matrices.
///
/// z = [M z + q]₊ has exactly one solution for every q iff 1 − M is a P-matrix.
/// \param most_steps  the budget.
/// \throws ShapeError, DomainError  naming `a`; DomainError if `most_steps` < 1.
/// \cost Up to 2ⁿ Schur complements; n³ where a cheap test suffices.
/// \see Tsatsomeros & Li (2000), A recursive test for P-matrices, BIT 40:410.
[[nodiscard]] PMatrixTest is_p_matrix(const MatrixView& a, Index most_steps = 20'000'000,
                                      const Progress& progress = {});

}  // namespace heddle
