#pragma once

#include <optional>
#include <vector>

#include "rectified/flow_series.hpp"

namespace heddle {

/// A unit at the place s of a step, 0 ≤ s ≤ 1.
struct UnitEvent {
    Index unit;
    double s;
};

/// Which units meet their thresholds during a step, and where.
class UnitEvents final {
  public:
    /// \param grazing of an extremum, relative to the largest input of its unit so far.
    UnitEvents(const FlowCoordinates& coordinates, double grazing);

    /// Looks at a step. Units that a bound of all terms keeps away from their thresholds drop out.
    void prepare(const FlowSeries& series, const Support& support);

    /// The first crossing up to `until`.
    [[nodiscard]] std::optional<UnitEvent> first_crossing(double until) const;

    /// Extrema before `until` that touch a threshold without crossing it.
    [[nodiscard]] std::vector<UnitEvent> grazings(double until) const;

  private:
    struct Candidate {
        Index unit;
        double depth;  ///< Within which an extremum grazes.
        UnitPolynomial distance;
    };

    const FlowCoordinates& coordinates_;
    double grazing_;
    Vector largest_inputs_;
    std::vector<Candidate> candidates_;
};

}  // namespace heddle
