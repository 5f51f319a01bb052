#pragma once

#include "population/cascade_models.hpp"
#include "population/diffusion_drive.hpp"

namespace heddle {

/// Input at both ends of a step.
struct StepInput {
    CascadeInput first;
    CascadeInput last;
};

/// μ and σ straight from one end to the other.
[[nodiscard]] StepInput straight_input(const StepDrive& drive, double step);

/// μ and σ² without their jumps between steps, which they make up for exponentially: input with a
/// derivative.
class SpreadInput final {
  public:
    /// \param smoothing  ms, of the exponential.
    SpreadInput(double smoothing, double step);

    [[nodiscard]] StepInput advance(const StepDrive& drive);

  private:
    /// A number that does not jump.
    struct Continuous {
        double behind = 0.0;  ///< What is still to come, with the opposite sign.
        double end = 0.0;     ///< Of the input, at the end of the last step.
    };
    /// Value and slope.
    struct Point {
        double value;
        double slope;
    };

    [[nodiscard]] std::pair<Point, Point> move(Continuous& of, double start, double end) const;
    [[nodiscard]] static CascadeInput input_at(const Point& mean, const Point& variance);

    double smoothing_;
    double step_;
    double keep_;
    bool started_ = false;
    Continuous mean_, variance_;
};

}  // namespace heddle
