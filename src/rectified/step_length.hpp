#pragma once

#include "rectified/flow_series.hpp"

namespace heddle {

/// How long the next step shall be, in units of τ: as long as cancellation in the series allows,
/// and not much longer than the time between crossings, since terms beyond the next one are wasted.
class StepLength final {
  public:
    explicit StepLength(double rate_bound);

    [[nodiscard]] double wanted() const noexcept;

    /// Learns from a step that advanced by `time`.
    void update(const FlowSeries& series, double time, bool crossed);

  private:
    double most_;
    double least_spacing_;
    double spacing_;  ///< A running mean of the times between crossings.
    double since_crossing_ = 0.0;
};

}  // namespace heddle
