#pragma once

#include <array>
#include <vector>

#include "heddle/linalg/types.hpp"

namespace heddle {

/// Piecewise polynomials of degree 4 on equal intervals of [0, 1): values at 4 N + 1 nodes, the
/// last of which is the first one of the next period.
class CollocationMesh final {
  public:
    static constexpr Index degree = 4;

    explicit CollocationMesh(Index intervals) : intervals_(intervals) {}

    [[nodiscard]] Index intervals() const { return intervals_; }
    [[nodiscard]] Index nodes() const { return degree * intervals_ + 1; }
    /// Time of collocation point j of an interval.
    [[nodiscard]] double point(Index interval, Index j) const;

    /// Nodes and weights with x(t) = Σ weight x[first + i]; t may lie outside [0, 1): then `period`
    /// is how many periods away.
    struct Stencil {
        Index first;
        Index period;
        std::array<double, degree + 1> weight;
        std::array<double, degree + 1> slope;
    };
    [[nodiscard]] Stencil at(double t) const;
    /// The same within an interval, which t may be the end of.
    [[nodiscard]] Stencil inside(Index interval, double t) const;

    /// x(t) and ẋ(t) of a profile, shape (n, nodes).
    [[nodiscard]] Vector value(const Matrix& profile, double t) const;
    [[nodiscard]] Vector slope(const Matrix& profile, double t) const;

  private:
    Index intervals_;
};

}  // namespace heddle
