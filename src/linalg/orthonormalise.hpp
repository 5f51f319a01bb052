#pragma once

#include "heddle/linalg/types.hpp"

namespace heddle {

/// What is known of R after A = Q R, with a positive diagonal.
struct Orthonormalised {
    Vector log_diagonal;  ///< log R_jj; −∞ where a column depends on those before it.
    double condition;     ///< max R_jj / min R_jj.
    bool householder;     ///< Whether the columns were too dependent for Cholesky factors.
};

/// Replaces the columns of A, shape (n, m), m ≤ n, by the Q of A = Q R: from the Cholesky factor of
/// AᵀA, twice, which costs 4 n m² flops in products of matrices and gives ‖QᵀQ − 1‖ of order ε
/// while κ(A) < 1e7; else by Householder reflections.
/// \throws DomainError if A holds NaN or infinity.
/// \see Yamamoto, Nakatsukasa, Yanagisawa & Fukaya (2015), Roundoff error analysis of the
///      CholeskyQR2 algorithm, ETNA 44.
[[nodiscard]] Orthonormalised orthonormalise(Matrix& a);

}  // namespace heddle
