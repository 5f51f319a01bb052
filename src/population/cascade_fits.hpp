#pragma once

#include "heddle/linalg/types.hpp"

namespace heddle {

/// A fitted filter; `misfit` is the root mean square of |filter − response| over f.
struct FittedFilter {
    double tau;          ///< ms.
    double omega = 0.0;  ///< 1 / ms.
    double misfit;
};

/// 1 / (1 + 2πi f τ), least squares over df.
/// \param response  normalised to 1 at f = 0; f in Hz.
[[nodiscard]] FittedFilter fit_exponential(const Vector& f, const ComplexVector& response);

/// (1 + u²)(1 + s) / ((1 + s)² + u²), s = 2πi f τ, u = ω τ, least squares over f as given.
[[nodiscard]] FittedFilter fit_oscillator(const Vector& f, const ComplexVector& response);

}  // namespace heddle
