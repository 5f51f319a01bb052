#include "rectified/step_length.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace heddle {

StepLength::StepLength(double rate_bound)
    : most_(6.0 / rate_bound),
      least_spacing_(1e-3 / rate_bound),
      spacing_(std::numeric_limits<double>::infinity()) {}

double StepLength::wanted() const noexcept {
    return std::min(most_, 1.5 * spacing_);
}

void StepLength::update(const FlowSeries& series, double time, bool crossed) {
    const bool full = series.terms() == FlowSeries::most_terms;
    if (series.growth() > 100.0)
        most_ = 0.7 * series.step();
    else if (full)
        most_ = std::min(most_, series.step());
    else if (!crossed && series.growth() < 10.0)
        most_ *= 1.2;

    since_crossing_ += time;
    if (crossed) {
        spacing_ = std::isinf(spacing_) ? since_crossing_ : 0.7 * spacing_ + 0.3 * since_crossing_;
        since_crossing_ = 0.0;
    }
    spacing_ = std::max({spacing_, since_crossing_, least_spacing_});
}

}  // namespace heddle
