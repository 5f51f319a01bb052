#pragma once

#include "heddle/linalg/types.hpp"

namespace heddle {

/// Several sums of the same damped oscillations,
///
///     y_k(t) = y*_k + Σ_m Re( c_km e^{γ_m t} ) ,
///
/// such as the drives of rectified units while a linear network performs a few modes.
struct ExponentialSums {
    Vector constant;             ///< y*, shape (k,).
    ComplexMatrix coefficients;  ///< c, shape (k, q).
    ComplexVector rates;         ///< γ, shape (q,), 1/s.
};

/// Where each sum is least and most on an interval: values it attains, and bounds it does not pass.
struct SumExtrema {
    Vector least;        ///< Attained, shape (k,).
    Vector most;         ///< Attained.
    Vector lower_bound;  ///< Proven: y_k(t) ≥ lower_bound_k on the whole interval.
    Vector upper_bound;  ///< Proven: y_k(t) ≤ upper_bound_k.
};

/// Extrema on 0 ≤ t ≤ duration, by halving intervals until
///
///     y(t) ≤ y(t_m) + |y'(t_m)| h + ½ h² Σ_m |c_m γ_m²| max e^{Re γ_m t} ,   |t − t_m| ≤ h ,
///
/// excludes all but `tolerance` · Σ_m |c_km|.
/// \throws ShapeError, DomainError  naming the argument.
/// \cost O(q) for each of about 100 intervals a sum.
[[nodiscard]] SumExtrema extrema(const ExponentialSums& sums, double duration,
                                 double tolerance = 1e-6);

}  // namespace heddle
