#pragma once

#include <algorithm>
#include <string>

#include "heddle/rectified/continuation.hpp"

namespace heddle {

/// A family within its range, of one size throughout.
class Family final {
  public:
    Family(const ThresholdFamily& family, double from, double to);

    [[nodiscard]] ThresholdLinear at(double s) const;
    [[nodiscard]] double width() const noexcept { return high_ - low_; }
    [[nodiscard]] bool contains(double s) const noexcept { return s >= low_ && s <= high_; }
    [[nodiscard]] double clamped(double s) const { return std::clamp(s, low_, high_); }

    /// d value(at(s)) / d (s / width) by a central difference within the range: exact for families
    /// that are lines, where it moves Newton's method; what that converges to does not depend on
    /// it.
    template <class Value>
    [[nodiscard]] auto slope(double s, Value value) const {
        const double step = 1e-5 * width();
        const double above = clamped(s + step), below = clamped(s - step);
        return ((value(at(above)) - value(at(below))) * (width() / (above - below))).eval();
    }

  private:
    ThresholdFamily family_;
    double low_, high_;
    Index states_, units_;
};

void check(const FollowOptions& options);

}  // namespace heddle
