#pragma once

#include "heddle/rectified/lyapunov_spectrum.hpp"

namespace heddle {

/// What a run noticed beside its numbers.
struct ExponentChecks {
    std::string ended;  ///< Why the run ended early; empty if it did not.
    bool long_enough;
    double drift;          ///< Between the halves, in standard errors.
    double sum_tolerance;  ///< Of |Σ λ − ⟨tr J⟩|.
    double unit;           ///< A time constant, or 1 step.
};

/// Fills in `trusted` and `statement`.
void judge(LyapunovSpectrum& result, const ExponentChecks& checks);

}  // namespace heddle
