#pragma once

#include "heddle/linalg/split.hpp"
#include "loops/mode_map.hpp"

namespace heddle {

/// Length of h in the descent's coordinates, over that of U: of 0.1 … 10, what lowered the cost
/// most in 50 evaluations (two letters, n = 500).
inline constexpr double relative_length = 3.0;

/// (U, h) as one vector, h in a unit of its own.
class Coordinates final {
  public:
    Coordinates(const LoopVariables& start, bool fixed_outputs)
        : fixed_(start.u),
          outputs_(fixed_outputs ? 0 : start.u.size()),
          unit_(start.directions.norm() / (relative_length * start.u.norm())),
          modes_(start.directions.cols()) {}

    [[nodiscard]] Vector from(const LoopVariables& point) const {
        return joined(point, 1.0 / unit_);
    }
    [[nodiscard]] Vector from_gradient(const LoopVariables& gradient) const {
        return joined(gradient, unit_);
    }
    [[nodiscard]] LoopVariables point(const Vector& x) const {
        LoopVariables point{fixed_, {}};
        if (outputs_ > 0)
            point.u = Eigen::Map<const Matrix>(x.data(), fixed_.rows(), fixed_.cols());
        const Eigen::Map<const Matrix> parts(x.data() + outputs_, fixed_.cols(), 2 * modes_);
        point.directions = join(unit_ * parts);
        return point;
    }

  private:
    [[nodiscard]] Vector joined(const LoopVariables& point, double scale) const {
        const Matrix parts = scale * split(point.directions);
        Vector x(outputs_ + parts.size());
        x << point.u.reshaped().head(outputs_), parts.reshaped();
        return x;
    }

    Matrix fixed_;
    Index outputs_;
    double unit_;
    Index modes_;
};

}  // namespace heddle
