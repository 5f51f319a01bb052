#include "rectified/cycle_flow.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace heddle {
namespace {

constexpr Index samples = 512;

/// Times, states, inputs and their rates by rising time: those asked for and those at crossings,
/// between which every input is smooth.
struct Samples {
    Vector times;
    Matrix inputs, rates;
};

Samples sampled(const ThresholdLinear& system, const ThresholdFlow& flow) {
    const Index asked = flow.times.size();
    const auto crossed = static_cast<Index>(flow.crossings.size());
    Matrix states(system.states(), asked + crossed);
    states << flow.states, flow.crossing_states;
    std::vector<std::pair<double, Index>> order;
    for (Index i = 0; i < asked; ++i) order.emplace_back(flow.times[i], i);
    for (Index i = 0; i < crossed; ++i)
        order.emplace_back(flow.crossings[static_cast<std::size_t>(i)].time, asked + i);
    std::ranges::stable_sort(order, {}, &std::pair<double, Index>::first);
    Samples made{Vector(asked + crossed), Matrix(system.units(), asked + crossed), {}};
    Matrix sorted(system.states(), asked + crossed);
    for (Index i = 0; i < sorted.cols(); ++i) {
        made.times[i] = order[static_cast<std::size_t>(i)].first;
        sorted.col(i) = states.col(order[static_cast<std::size_t>(i)].second);
    }
    made.inputs = (system.inputs * sorted).colwise() + system.bias;
    Matrix velocity = system.linear * sorted + system.outputs * made.inputs.cwiseMax(0.0);
    velocity.colwise() += system.drive;
    made.rates = system.inputs * velocity / system.tau;
    return made;
}

/// The value at the extremum of the cubic a + s t + c t² + d t³ on [0, 1] through values and slopes
/// at both ends of an interval of length h, where the slopes differ in sign.
double extremum(double h, double a, double b, double slope_a, double slope_b) {
    const double s = h * slope_a;
    const double c = 3.0 * (b - a) - 2.0 * s - h * slope_b;
    const double d = s + h * slope_b - 2.0 * (b - a);
    const double root = std::sqrt(std::max(c * c - 3.0 * d * s, 0.0));
    const double t = std::clamp(std::abs(s) / (root - std::copysign(c, s * c)), 0.0, 1.0);
    return a + t * (s + t * (c + t * d));
}

void find_margin(const Samples& samples_of, CycleFlow& result) {
    const double largest = samples_of.inputs.cwiseAbs().maxCoeff();
    result.margin = std::numeric_limits<double>::infinity();
    result.margin_unit = -1;
    for (Index i = 0; i + 1 < samples_of.times.size(); ++i) {
        const double h = samples_of.times[i + 1] - samples_of.times[i];
        if (!(h > 0.0)) continue;
        for (Index j = 0; j < samples_of.inputs.rows(); ++j) {
            const double before = samples_of.rates(j, i), after = samples_of.rates(j, i + 1);
            if (!(before * after < 0.0)) continue;
            const double value = std::abs(extremum(h, samples_of.inputs(j, i),
                                                   samples_of.inputs(j, i + 1), before, after)) /
                                 largest;
            if (value < result.margin) {
                result.margin = value;
                result.margin_unit = j;
            }
        }
    }
}

/// Unit, direction and time of a crossing, by time and then unit: simultaneous crossings have no
/// order of their own.
bool same_crossings(std::vector<Crossing> a, std::vector<Crossing> b, double tolerance) {
    if (a.size() != b.size()) return false;
    const auto settle = [tolerance](std::vector<Crossing>& crossings) {
        std::ranges::stable_sort(crossings, {}, &Crossing::time);
        for (std::size_t i = 0, j = 0; i < crossings.size(); i = j) {
            while (j < crossings.size() && crossings[j].time - crossings[i].time < tolerance) ++j;
            std::sort(crossings.begin() + static_cast<std::ptrdiff_t>(i),
                      crossings.begin() + static_cast<std::ptrdiff_t>(j),
                      [](const Crossing& x, const Crossing& y) { return x.unit < y.unit; });
        }
    };
    settle(a);
    settle(b);
    return std::ranges::equal(a, b, [tolerance](const Crossing& x, const Crossing& y) {
        return x.unit == y.unit && x.active == y.active && std::abs(x.time - y.time) < tolerance;
    });
}

/// The crossings of the path on a round that begins in the middle of region k.
std::vector<Crossing> expected(const CyclePath& path, Index k) {
    std::vector<Crossing> crossings;
    double time = -0.5 * path.dwell[k];
    for (Index i = 0; i < path.regions(); ++i) {
        const Index at = (k + i) % path.regions();
        const Index unit = path.units[static_cast<std::size_t>(at)];
        const Support& support = path.itinerary[static_cast<std::size_t>(at)];
        time += path.dwell[at];
        crossings.push_back({time, unit, !std::ranges::binary_search(support, unit)});
    }
    return crossings;
}

}  // namespace

CycleFlow follow_once(const ThresholdLinear& system, const CyclePath& path,
                      const ThresholdFlowOptions& options) {
    Index longest = 0;
    path.dwell.maxCoeff(&longest);
    const RegionStep half = region_step(system, path.itinerary[static_cast<std::size_t>(longest)],
                                        0.5 * path.dwell[longest]);
    CycleFlow result{half.propagator * path.states.col(longest) + half.drift, false, 0.0, 0.0, -1};
    const double period = path.period();
    ThresholdFlowOptions budget = options;
    budget.most_crossings = std::min(options.most_crossings, 4 * path.regions() + 64);
    const ThresholdFlow flow =
        threshold_flow(system, result.start, Vector::LinSpaced(samples + 1, 0.0, period), budget);
    result.closure = std::numeric_limits<double>::infinity();
    if (!flow.complete) return result;
    const double size = std::max(path.states.cwiseAbs().maxCoeff(), 1e-300);
    result.closure = (flow.states.col(samples) - result.start).cwiseAbs().maxCoeff() / size;
    result.followed = same_crossings(flow.crossings, expected(path, longest), 1e-7 * period);
    find_margin(sampled(system, flow), result);
    return result;
}

}  // namespace heddle
