#include "population/step_input.hpp"

#include <algorithm>
#include <cmath>

namespace heddle {

StepInput straight_input(const StepDrive& drive, double step) {
    const double before = std::sqrt(drive.variance_start), after = std::sqrt(drive.variance_end);
    const double mu_change = (drive.mean_end - drive.mean_start) / step;
    const double sigma_change = (after - before) / step;
    return {{drive.mean_start, before, mu_change, sigma_change},
            {drive.mean_end, after, mu_change, sigma_change}};
}

SpreadInput::SpreadInput(double smoothing, double step)
    : smoothing_(smoothing), step_(step), keep_(std::exp(-step / smoothing)) {}

StepInput SpreadInput::advance(const StepDrive& drive) {
    const auto mean = move(mean_, drive.mean_start, drive.mean_end);
    const auto variance = move(variance_, drive.variance_start, drive.variance_end);
    started_ = true;
    return {input_at(mean.first, variance.first), input_at(mean.second, variance.second)};
}

std::pair<SpreadInput::Point, SpreadInput::Point> SpreadInput::move(Continuous& of, double start,
                                                                    double end) const {
    if (started_) of.behind += of.end - start;
    of.end = end;
    const double slope = (end - start) / step_;
    const Point first{start + of.behind, slope - of.behind / smoothing_};
    of.behind *= keep_;
    return {first, {end + of.behind, slope - of.behind / smoothing_}};
}

CascadeInput SpreadInput::input_at(const Point& mean, const Point& variance) {
    const double sigma = std::sqrt(std::max(0.0, variance.value));
    return {mean.value, sigma, mean.slope, 0.5 * variance.slope / sigma};
}

}  // namespace heddle
