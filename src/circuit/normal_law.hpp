#pragma once

namespace heddle {

/// φ(x), the standard normal density.
[[nodiscard]] double normal_density(double x);

/// Φ(x), to a few units in the last place on both tails.
[[nodiscard]] double normal_below(double x);

/// Φ⁻¹(p) for 0 < p < 1, to a relative 1e-15.
/// \see Wichura (1988), Algorithm AS 241, Applied Statistics 37:477.
[[nodiscard]] double normal_quantile(double p);

/// log |x| of a lognormal law is normal with this mean and standard deviation.
struct LogMoments {
    double mean;
    double deviation;
};

/// Of a law with the given mean and standard deviation. \see Distribution.
[[nodiscard]] LogMoments log_moments(double mean, double deviation);

}  // namespace heddle
