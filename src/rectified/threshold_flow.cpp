#include "heddle/rectified/threshold_flow.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <string>

#include "linalg/checks.hpp"
#include "rectified/flow_series.hpp"
#include "rectified/step_length.hpp"
#include "rectified/unit_events.hpp"

namespace heddle {
namespace {

constexpr double epsilon = std::numeric_limits<double>::epsilon();

void require_times(const VectorView& times) {
    require_finite(times, "times");
    if (times.size() == 0) throw ShapeError("times", "at least one time", "none");
    for (Index i = 0; i < times.size(); ++i)
        if (times[i] < (i == 0 ? 0.0 : times[i - 1]))
            throw DomainError("times: found " + std::to_string(times[i]) + " s after " +
                              std::to_string(i == 0 ? 0.0 : times[i - 1]) +
                              " s, expected times that do not fall, the first 0 or more");
}

void require_options(const ThresholdFlowOptions& options) {
    if (options.most_crossings < 0)
        throw DomainError("most_crossings: found " + std::to_string(options.most_crossings) +
                          ", expected 0 or more");
    if (!(options.tolerance >= 1e-17 && options.tolerance < 1.0))
        throw DomainError("tolerance: found " + std::to_string(options.tolerance) +
                          ", expected 1e-17 to 1");
    if (!(options.grazing >= 0.0 && options.grazing < 1.0))
        throw DomainError("grazing: found " + std::to_string(options.grazing) +
                          ", expected 0 or more and less than 1");
}

void toggle(Support& support, Index unit) {
    const auto place = std::ranges::lower_bound(support, unit);
    if (place != support.end() && *place == unit)
        support.erase(place);
    else
        support.insert(place, unit);
}

/// Columns that grow in number, kept in one block.
struct Columns {
    std::vector<double> values;

    void append(const Vector& column) {
        values.insert(values.end(), column.data(), column.data() + column.size());
    }
    [[nodiscard]] Matrix matrix(Index rows) const {
        const Index columns = rows > 0 ? static_cast<Index>(values.size()) / rows : 0;
        return Eigen::Map<const Matrix>(values.data(), rows, columns);
    }
};

/// One trajectory while it is being followed; times in units of τ.
class Follower final {
  public:
    Follower(const ThresholdLinear& system, const VectorView& initial, const VectorView& times,
             const ThresholdFlowOptions& options, const Progress& progress)
        : options_(options),
          progress_(progress),
          tau_(system.tau),
          asked_(times),
          coordinates_(system, times[times.size() - 1] / system.tau),
          series_(coordinates_),
          events_(coordinates_, options.grazing),
          length_(coordinates_.most_rate),
          state_(coordinates_.from_states(initial)) {
        set_initial_support();
        flow_.initial_support = support_;
    }

    [[nodiscard]] ThresholdFlow run() {
        const double end = asked_[asked_.size() - 1] / tau_;
        for (; recorded_ < asked_.size() && asked_[recorded_] == 0.0; ++recorded_)
            samples_.append(state_);
        while (time_ < end && flow_.statement.empty()) step_towards(end);
        return finished();
    }

  private:
    void set_initial_support() {
        if (coordinates_.units() == 0) return;
        Vector input(coordinates_.units());
        coordinates_.inputs(state_, input);
        input += coordinates_.bias;
        const double rounding = epsilon * input.cwiseAbs().maxCoeff();
        for (Index j = 0; j < input.size(); ++j) {
            if (input[j] > rounding) support_.push_back(j);
            if (std::abs(input[j]) <= rounding) on_threshold_.push_back(j);
        }
        if (!on_threshold_.empty()) decide_on_threshold();
    }

    /// A unit exactly on its threshold is active if its first derivative that is not zero is
    /// positive.
    void decide_on_threshold() {
        series_.expand(state_, support_, on_threshold_, 1.0 / coordinates_.most_rate, 0.0, epsilon);
        for (const Index j : on_threshold_) {
            const auto terms = series_.inputs().row(j);
            const double noise = 1e3 * epsilon * terms.cwiseAbs().maxCoeff();
            for (Index p = 1; p < terms.size(); ++p) {
                if (std::abs(terms[p]) <= noise) continue;
                if (terms[p] > 0.0) toggle(support_, j);
                break;
            }
        }
    }

    void step_towards(double end) {
        const double left = end - time_;
        scale_ = std::max(scale_, coordinates_.basis_norm * state_.norm());
        series_.expand(state_, support_, on_threshold_, std::min(length_.wanted(), left), scale_,
                       options_.tolerance);
        events_.prepare(series_, support_);
        const std::optional<UnitEvent> crossing = events_.first_crossing(1.0);
        const double s = crossing ? crossing->s : 1.0;
        note_grazings(s);
        const bool last = !crossing && series_.step() == left;
        advance(s, last ? end : time_ + s * series_.step());
        if (crossing) cross(crossing->unit);
        check_state();
        report(end);
    }

    void note_grazings(double until) {
        for (const UnitEvent& event : events_.grazings(until))
            flow_.grazings.push_back({tau_ * (time_ + event.s * series_.step()), event.unit,
                                      std::ranges::binary_search(support_, event.unit)});
    }

    /// Moves to s, which is `time`, and says what was asked for on the way.
    void advance(double s, double time) {
        for (; recorded_ < asked_.size() && asked_[recorded_] / tau_ <= time; ++recorded_)
            samples_.append(series_.state((asked_[recorded_] / tau_ - time_) / series_.step()));
        state_ = series_.state(s);
        length_.update(series_, time - time_, s < 1.0);
        ++flow_.steps;
        flow_.products += series_.terms() - 1;
        truncation_ += series_.remainder();
        time_ = time;
        on_threshold_.clear();
    }

    void cross(Index unit) {
        toggle(support_, unit);
        on_threshold_ = {unit};
        const bool active = std::ranges::binary_search(support_, unit);
        flow_.crossings.push_back({tau_ * time_, unit, active});
        crossing_states_.append(state_);
        const auto count = static_cast<Index>(flow_.crossings.size());
        if (count >= options_.most_crossings)
            flow_.statement = "event storm: " + std::to_string(count) + " crossings by " +
                              std::to_string(tau_ * time_) +
                              " s; raise most_crossings or ask for a shorter time";
    }

    void check_state() {
        constexpr double largest = 1e100;
        if (state_.norm() < largest) return;
        flow_.statement = "the state grows without bound: its norm passed 1e100 at " +
                          std::to_string(tau_ * time_) + " s";
    }

    void report(double end) {
        constexpr Index every = 256;
        constexpr std::size_t parts = 1000;
        if (!progress_ || flow_.steps % every != 0) return;
        progress_(static_cast<std::size_t>(static_cast<double>(parts) * time_ / end), parts);
    }

    [[nodiscard]] ThresholdFlow finished() {
        const Index n = coordinates_.states();
        flow_.times = asked_.head(recorded_);
        flow_.states = coordinates_.to_states(samples_.matrix(n));
        flow_.crossing_states = coordinates_.to_states(crossing_states_.matrix(n));
        flow_.final_support = support_;
        flow_.reached = tau_ * time_;
        flow_.complete = flow_.statement.empty();
        flow_.truncation = truncation_ / std::max(scale_, std::numeric_limits<double>::min());
        flow_.backward_error = coordinates_.backward_error;
        if (flow_.complete)
            flow_.statement = "followed through " + std::to_string(flow_.crossings.size()) +
                              " crossings in " + std::to_string(flow_.steps) + " series";
        return std::move(flow_);
    }

    ThresholdFlowOptions options_;
    const Progress& progress_;
    double tau_;
    Vector asked_;
    FlowCoordinates coordinates_;
    FlowSeries series_;
    UnitEvents events_;
    StepLength length_;
    Vector state_;
    Support support_;
    Support on_threshold_;  ///< Units whose input is zero just now.
    ThresholdFlow flow_;
    Columns samples_;
    Columns crossing_states_;
    Index recorded_ = 0;
    double time_ = 0.0;
    double scale_ = 0.0;  ///< The largest state so far.
    double truncation_ = 0.0;
};

}  // namespace

ThresholdFlow threshold_flow(const ThresholdLinear& system, const VectorView& initial,
                             const VectorView& times, const ThresholdFlowOptions& options,
                             const Progress& progress) {
    validate(system);
    require_shape(initial, system.states(), 1, "initial");
    require_finite(initial, "initial");
    require_times(times);
    require_options(options);
    return Follower(system, initial, times, options, progress).run();
}

}  // namespace heddle
