#pragma once

#include "heddle/linalg/types.hpp"

namespace heddle {

/// A = Q R for A of shape (n, m), m ≤ n: Q has m orthonormal columns, R is upper triangular.
class Qr final {
  public:
    explicit Qr(Matrix a);

    /// R, shape (m, m).
    [[nodiscard]] Matrix triangle() const;
    /// Whether no entry of R's diagonal is negligible beside the largest.
    [[nodiscard]] bool full_rank() const;
    /// Q with the signs that make R's diagonal positive: a continuous function of A.
    [[nodiscard]] Matrix basis() const;
    /// Q X.
    [[nodiscard]] Matrix multiply(const MatrixView& x) const;
    /// Qᵀ X.
    [[nodiscard]] Matrix multiply_transposed(const MatrixView& x) const;
    /// X ← R⁻¹ X or X ← R⁻ᵀ X; false if R has a zero on its diagonal.
    [[nodiscard]] bool solve_triangular(Matrix& x) const;
    [[nodiscard]] bool solve_triangular_transposed(Matrix& x) const;

  private:
    [[nodiscard]] Matrix apply(const char* transpose, Matrix x) const;
    [[nodiscard]] bool solve_triangular(const char* transpose, Matrix& x) const;

    Matrix factors_;  ///< R above, Householder vectors below the diagonal.
    Vector tau_;
};

}  // namespace heddle
