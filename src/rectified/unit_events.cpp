#include "rectified/unit_events.hpp"

#include <algorithm>
#include <limits>

namespace heddle {

UnitEvents::UnitEvents(const FlowCoordinates& coordinates, double grazing)
    : coordinates_(coordinates),
      grazing_(grazing),
      largest_inputs_(Vector::Zero(coordinates.units())) {}

void UnitEvents::prepare(const FlowSeries& series, const Support& support) {
    constexpr double epsilon = std::numeric_limits<double>::epsilon();
    const Vector start = series.inputs().col(0).cwiseAbs();
    const Vector reach = series.reach();
    largest_inputs_ = largest_inputs_.cwiseMax(start);
    candidates_.clear();
    auto active = support.begin();
    for (Index j = 0; j < start.size(); ++j) {
        const bool is_active = active != support.end() && *active == j;
        if (is_active) ++active;
        const double rounding = 4.0 * epsilon * (start[j] + reach[j]);
        const double noise = rounding + coordinates_.input_norms[j] * series.remainder();
        const double depth = grazing_ * largest_inputs_[j];
        if (start[j] > reach[j] + noise + depth) continue;
        candidates_.push_back({j, depth, series.distance(j, is_active, noise)});
    }
}

std::optional<UnitEvent> UnitEvents::first_crossing(double until) const {
    std::optional<UnitEvent> first;
    for (const Candidate& candidate : candidates_) {
        const auto s = candidate.distance.first_crossing(first ? first->s : until);
        if (s && (!first || *s < first->s)) first = UnitEvent{candidate.unit, *s};
    }
    return first;
}

std::vector<UnitEvent> UnitEvents::grazings(double until) const {
    std::vector<UnitEvent> found;
    for (const Candidate& candidate : candidates_)
        if (const auto s = candidate.distance.grazing(until, candidate.depth))
            found.push_back({candidate.unit, *s});
    return found;
}

}  // namespace heddle
