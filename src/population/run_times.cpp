#include "population/run_times.hpp"

#include <cmath>

namespace heddle {

RunTimes::RunTimes(double duration, double transient, double bin, double step)
    : skipped(static_cast<std::size_t>(std::llround(transient / step))),
      in_bin(static_cast<std::size_t>(std::llround(bin / step))),
      bins(static_cast<Index>(std::floor(duration / bin + 1e-9))) {}

void check_run_times(const Subject& subject, double duration, double transient, double bin,
                     double step) {
    subject.positive(step, "step", "ms");
    subject.positive(bin, "bin", "ms");
    subject.not_negative(duration, "duration", "ms");
    subject.not_negative(transient, "transient", "ms");
    const double steps = bin / step;
    subject.require(
        std::abs(steps - std::round(steps)) < 1e-6 && steps > 0.5,
        "bin is " + quantity(bin, "ms") + ", not a multiple of the step, " + quantity(step, "ms"));
}

}  // namespace heddle
