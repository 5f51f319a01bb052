#pragma once

#include <optional>

#include "rectified/family.hpp"

namespace heddle {

/// A point of a branch in scaled coordinates u = (x / size, s / width), with its region and the
/// direction in which it is followed.
struct FixedPointState {
    Vector u;        ///< Shape (n + 1,).
    Vector tangent;  ///< Unit 2-norm, shape (n + 1,).
    Support support;

    [[nodiscard]] Index n() const noexcept { return u.size() - 1; }
};

/// Where a unit reaches its threshold.
struct FixedPointBorder {
    FixedPointState at;
    Index unit;
};

/// A_σ(s) x + b_σ(s) = 0 and the border q_jᵀ x + c_j = 0, with s among the unknowns.
class FixedPointEquations final {
  public:
    FixedPointEquations(const Family& family, const VectorView& initial, double from);

    [[nodiscard]] Vector x(const FixedPointState& state) const {
        return state.u.head(state.n()) * size_;
    }
    [[nodiscard]] double parameter(const FixedPointState& state) const {
        return state.u[state.n()] * family_.width();
    }
    /// The unit of x: the first state, or bias and drive, whichever is larger.
    [[nodiscard]] double size() const { return size_; }
    [[nodiscard]] double low() const { return low_; }
    [[nodiscard]] double high() const { return low_ + family_.width(); }

    /// The fixed point near x, to be followed to higher or lower s. \throws DomainError.
    [[nodiscard]] FixedPointState start(const VectorView& x, double s, bool upwards) const;
    /// A step of the given length along the branch, within the region's equations.
    [[nodiscard]] std::optional<FixedPointState> corrected(const FixedPointState& from,
                                                           double length) const;
    /// The point of the same region at a given parameter.
    [[nodiscard]] std::optional<FixedPointState> at_parameter(const FixedPointState& from,
                                                              double s) const;
    /// The first threshold between two points of one region.
    [[nodiscard]] std::optional<FixedPointBorder> first_border(const FixedPointState& from,
                                                               const FixedPointState& to) const;
    /// The same point in the region behind the threshold, directed into it.
    [[nodiscard]] FixedPointState entered(const FixedPointState& at, Index unit) const;
    /// det A_σ' / det A_σ, σ' = σ with the unit's bit flipped.
    [[nodiscard]] static double determinant_ratio(const ThresholdLinear& system,
                                                  const Support& support, Index unit);
    [[nodiscard]] FixedPointBranch collected(const std::vector<FixedPointState>& states) const;

  private:
    /// A_σ x + b_σ and its derivative by u, for the scaled unknowns.
    [[nodiscard]] Vector value(const FixedPointState& state) const;
    [[nodiscard]] Matrix derivative(const FixedPointState& state) const;
    /// y_j and its derivative by u.
    [[nodiscard]] double input(const FixedPointState& state, Index unit) const;
    [[nodiscard]] Vector input_derivative(const FixedPointState& state, Index unit) const;
    /// Newton's method with one more equation, whose value and derivative `further` gives.
    template <class Further>
    [[nodiscard]] bool solve(FixedPointState& state, Further further) const;
    [[nodiscard]] Vector tangent_at(const FixedPointState& state, const Vector& previous) const;

    const Family& family_;
    double size_, low_;
};

}  // namespace heddle
