#pragma once

#include "circuit/checks.hpp"

namespace heddle {

/// A run cut into steps and bins.
struct RunTimes {
    RunTimes(double duration, double transient, double bin, double step);

    std::size_t skipped;  ///< Steps before the first bin.
    std::size_t in_bin;   ///< Steps of a bin.
    Index bins;
};

/// \throws DomainError unless times are positive and the bin a multiple of the step.
void check_run_times(const Subject& subject, double duration, double transient, double bin,
                     double step);

}  // namespace heddle
