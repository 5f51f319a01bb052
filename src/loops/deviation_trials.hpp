#pragma once

#include <cstdint>

#include "heddle/network/loops.hpp"
#include "heddle/network/network.hpp"

namespace heddle {

/// A root mean square over runs, and its standard error.
struct Measured {
    double value;
    double standard_error;
};

/// Runs a network with its loops open from `trials` initial states that are off by white noise of
/// standard deviation `strength`, and measures how far the outputs are off over [0, T]: root mean
/// square over time and trials, channels added. The network is linear, so what is followed is the
/// difference to the run without noise, from one matrix exponential in steps of τ / 2 or shorter
/// and Simpson's rule.
///
/// \param seed trial i draws from stream i + 1 of it.
/// \cost 30 n³ flops and 4 n² T / τ a trial.
[[nodiscard]] Measured measured_deviation(const Network& network, const Loops& loops,
                                          double duration, double strength, Index trials,
                                          std::uint64_t seed);

}  // namespace heddle
