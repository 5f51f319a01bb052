#pragma once

#include "heddle/rectified/lyapunov_spectrum.hpp"
#include "rectified/tangent_flow.hpp"

namespace heddle {

/// Options with every default filled in, in units of the flow.
struct ExponentRun {
    Index count;
    double duration;
    double transient;
    double unit;         ///< A time constant, or a step of a map.
    std::uint64_t seed;  ///< Of the tangent vectors.
};

/// Checks the options that every kind of flow shares and fills in their defaults.
/// \throws ShapeError, DomainError  naming the argument.
[[nodiscard]] ExponentRun run_from(const LyapunovOptions& options, Index states, double unit,
                                   double default_duration);

/// x(0) as given, or standard normal from the seed.
[[nodiscard]] Vector start_of(const LyapunovOptions& options, Index states);

/// Follows the flow: state alone, then with tangent vectors, then averaging their growth.
[[nodiscard]] LyapunovSpectrum exponents_of(TangentFlow& flow, const ExponentRun& run,
                                            const Progress& progress);

}  // namespace heddle
