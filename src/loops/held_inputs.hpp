#pragma once

#include <vector>

#include "loops/least_norm_map.hpp"
#include "loops/weight_bounds.hpp"

namespace heddle {

/// V of least norm for given modes, in a subspace or within bounds, and its adjoint: what is at a
/// bound stays there.
class HeldInputs final {
  public:
    /// \param x real form of the modes, shape (n, p). \param g shape (k, p).
    /// \param subspace orthonormal columns that V is confined to, or empty.
    /// \param bounds empty if there are none, or if there is a subspace.
    /// \throws DomainError if the modes are dependent.
    HeldInputs(const Matrix& x, const Matrix& g, const Matrix& subspace,
               const WeightBounds& bounds);

    [[nodiscard]] const Matrix& v() const { return v_; }
    [[nodiscard]] bool feasible() const { return feasible_; }
    [[nodiscard]] LeastNormMap::Slopes pull_back(const Matrix& v_slope) const;

  private:
    using Rows = std::vector<Index>;

    void hold_within(const Matrix& x, const Matrix& g, const WeightBounds& bounds);

    Matrix subspace_, v_;
    bool feasible_ = true;
    std::vector<LeastNormMap> maps_;  ///< One for all loops, or one for each within bounds.
    std::vector<Rows> free_;          ///< Weights of each loop inside their bounds.
    Index modes_;
};

}  // namespace heddle
