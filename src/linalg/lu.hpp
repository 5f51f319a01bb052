#pragma once

#include <vector>

#include "heddle/linalg/types.hpp"

namespace heddle {

/// P A = L U.
class Lu final {
  public:
    explicit Lu(Matrix a);

    /// An estimate of 1 / κ₁(A); 0 if a pivot is zero.
    [[nodiscard]] double reciprocal_condition() const;

    /// Of the determinant: 1, −1, or 0 if a pivot is zero.
    [[nodiscard]] int sign_of_determinant() const;

    /// A⁻¹ B.
    [[nodiscard]] Matrix solve(Matrix b) const;

  private:
    Matrix factors_;
    double norm_;
    std::vector<int> rows_;
    bool singular_;
};

}  // namespace heddle
