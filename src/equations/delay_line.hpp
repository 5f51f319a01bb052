#pragma once

#include <array>
#include <vector>

#include "heddle/linalg/types.hpp"

namespace heddle {

/// A quantity on a grid of step h and its slope, read a delay ago from within a step: by the cubic
/// that has values and slopes at the two grid points around. Before time 0 it was as at 0.
class DelayLine final {
  public:
    /// Where in a step: at its start, in its middle, at its end.
    enum Stage : std::size_t { start, middle, end, stages };

    /// \param delay  in steps, ≥ 1.
    explicit DelayLine(double delay);

    /// The value at step k + stage / 2 − delay. At the start of step k the slopes of the points
    /// before k must be known, later in it that of k too.
    [[nodiscard]] double read(Stage stage, Index k, const double* values, const double* slopes,
                              double step) const {
        const Weights& w = weights_[stage];
        const Index left = k + w.left;
        if (left < 0) return values[0];
        return w.value_left * values[left] + w.value_right * values[left + 1] +
               step * (w.slope_left * slopes[left] + w.slope_right * slopes[left + 1]);
    }

  private:
    struct Weights {
        Index left;  ///< Grid point, counted from that of the step.
        double value_left;
        double value_right;
        double slope_left;
        double slope_right;
    };

    std::array<Weights, stages> weights_;
};

}  // namespace heddle
