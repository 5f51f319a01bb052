#pragma once

#include <string>

#include "heddle/linalg/types.hpp"

namespace heddle {

/// A trajectory and tangent vectors that move along with it, by whole steps.
class TangentFlow {
  public:
    TangentFlow() = default;
    TangentFlow(const TangentFlow&) = delete;
    TangentFlow& operator=(const TangentFlow&) = delete;
    virtual ~TangentFlow() = default;

    /// Carries the state over `steps` steps, and the columns of q with it.
    virtual void advance(Index steps, Matrix& q) = 0;
    [[nodiscard]] virtual const Vector& state() const = 0;
    /// ∫ tr J dt (Σ log |det J| for maps) since the beginning.
    [[nodiscard]] virtual double trace_integral() const = 0;
    /// The time of one step.
    [[nodiscard]] virtual double step() const = 0;
    /// Makes the step smaller if that is needed for the accuracy of exponents, at the present state
    /// and the orthonormal q, which stay.
    virtual void choose_step(const Matrix& /*q*/) {}
    /// An estimate of the largest error of an exponent in one step from here.
    [[nodiscard]] virtual double step_error(const Matrix& /*q*/) { return 0.0; }
    /// Why the trajectory cannot be followed further; empty while it can.
    [[nodiscard]] virtual std::string ended() const { return {}; }
    /// Whether every interval is one step.
    [[nodiscard]] virtual bool every_step() const { return false; }
};

}  // namespace heddle
