#pragma once

#include <optional>

#include "network/transfer_curve.hpp"

namespace heddle {

/// φ of a network's units, ready to be evaluated: what does not depend on x is computed once.
/// Rectified responses have a value and a slope, 0 at the kink, and no curvature.
///
/// Errors are absolute. Of tanh, softplus and linear responses they are 32 unit roundoffs of φ, 64
/// in φ' and φ'', if tanh, exp and log1p are right to 4 ulp; of populations see TransferCurve.
class ResponseCurve final {
  public:
    explicit ResponseCurve(const Response& response);

    [[nodiscard]] Response::Kind kind() const noexcept { return kind_; }
    /// φ(−x) = −φ(x), exactly and as computed.
    [[nodiscard]] bool odd() const noexcept;

    [[nodiscard]] double value(double x) const;
    [[nodiscard]] double slope(double x) const;
    [[nodiscard]] double curvature(double x) const;

    /// What these are off by at most.
    [[nodiscard]] double value_error(double x) const;
    [[nodiscard]] double slope_error(double x) const;

    /// A bound of |φ''| between x − r and x + r.
    [[nodiscard]] double curvature_bound(double x, double r) const;

  private:
    Response::Kind kind_;
    std::optional<TransferCurve> transfer_;
};

}  // namespace heddle
