#include "heddle/rectified/threshold_flow.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <string>

#include "linalg/checks.hpp"
#include "rectified/flow_series.hpp"
#include "rectified/unit_polynomial.hpp"

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

bool holds(const Support& support, Index unit) {
    return std::ranges::binary_search(support, unit);
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
          state_(coordinates_.from_states(initial)),
          largest_inputs_(Vector::Zero(system.units())) {
        set_initial_support();
        flow_.initial_support = support_;
        most_step_ = 6.0 / coordinates_.rate_bound;
    }

    [[nodiscard]] ThresholdFlow run() {
        record_until(0.0, 0.0);
        const double end = asked_[asked_.size() - 1] / tau_;
        spacing_ = std::numeric_limits<double>::infinity();
        while (time_ < end && flow_.statement.empty()) step_towards(end);
        return finished();
    }

  private:
    struct Event {
        Index unit;
        double s;
    };

    /// A unit that may reach its threshold during the step.
    struct Candidate {
        Index index;
        bool active;
        double depth;  ///< Within which an extremum counts as grazing.
        UnitPolynomial distance;
    };

    /// A unit exactly on its threshold is active if the first derivative that is not zero is
    /// positive.
    void set_initial_support() {
        if (coordinates_.units() == 0) return;
        Vector input(coordinates_.units());
        coordinates_.inputs(state_, input);
        input += coordinates_.bias;
        const double scale = epsilon * (input.cwiseAbs().maxCoeff() + 1e-300);
        Support undecided;
        for (Index j = 0; j < input.size(); ++j) {
            if (input[j] > scale) support_.push_back(j);
            if (std::abs(input[j]) <= scale) undecided.push_back(j);
        }
        on_threshold_ = undecided;
        if (undecided.empty()) return;
        const double size = coordinates_.basis_norm * state_.norm() + coordinates_.drive.norm();
        series_.expand(state_, support_, on_threshold_, 1.0 / coordinates_.rate_bound,
                       epsilon * size);
        for (const Index j : undecided) {
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
        const double wanted = std::min({most_step_, 1.5 * spacing_, end - time_});
        scale_ = std::max(scale_, coordinates_.basis_norm * state_.norm());
        series_.expand(state_, support_, on_threshold_, wanted, options_.tolerance * scale_);
        ++flow_.steps;
        flow_.products += series_.terms() - 1;
        const double until = std::min(1.0, (end - time_) / series_.step());
        const std::optional<Event> event = first_event(until);
        advance(event ? event->s : until, until == 1.0 ? end : std::numeric_limits<double>::max());
        if (event) cross(event->unit);
        adapt(event.has_value());
        check_state();
        report(end);
    }

    /// The first unit to cross its threshold. Those that a bound of all terms keeps away from it
    /// are not looked at.
    [[nodiscard]] std::optional<Event> first_event(double until) {
        prepare_candidates();
        std::optional<Event> first;
        for (const Candidate& unit : candidates_) {
            const auto s = unit.distance.first_crossing(first ? first->s : until);
            if (s && (!first || *s < first->s)) first = Event{unit.index, *s};
        }
        note_grazings(first ? first->s : until);
        return first;
    }

    void prepare_candidates() {
        const Vector start = series_.inputs().col(0).cwiseAbs();
        const Vector reach = series_.reach();
        largest_inputs_ = largest_inputs_.cwiseMax(start);
        candidates_.clear();
        for (Index j = 0; j < start.size(); ++j) {
            const double rounding = 4.0 * epsilon * (start[j] + reach[j]);
            const double noise = rounding + coordinates_.input_norms[j] * series_.remainder();
            const double depth = options_.grazing * largest_inputs_[j];
            if (start[j] > reach[j] + noise + depth) continue;
            const bool active = holds(support_, j);
            candidates_.push_back({j, active, depth, series_.distance(j, active, noise)});
        }
    }

    void note_grazings(double until) {
        for (const Candidate& unit : candidates_)
            if (const auto s = unit.distance.grazing(until, unit.depth))
                flow_.grazings.push_back(
                    {tau_ * (time_ + *s * series_.step()), unit.index, unit.active});
    }

    /// Moves to s, and says what was asked for on the way; `end` is where s = 1 shall lead.
    void advance(double s, double end) {
        const double time = s == 1.0 && end < std::numeric_limits<double>::max() &&
                                    std::abs(time_ + series_.step() - end) <= 4.0 * epsilon * end
                                ? end
                                : time_ + s * series_.step();
        record_until(time, series_.step());
        state_ = series_.state(s);
        truncation_ += series_.remainder();
        since_crossing_ += time - time_;
        time_ = time;
        on_threshold_.clear();
    }

    void record_until(double time, double step) {
        for (; recorded_ < asked_.size() && asked_[recorded_] / tau_ <= time; ++recorded_)
            samples_.append(step > 0.0 ? series_.state((asked_[recorded_] / tau_ - time_) / step)
                                       : state_);
    }

    void cross(Index unit) {
        toggle(support_, unit);
        on_threshold_ = {unit};
        flow_.crossings.push_back({tau_ * time_, unit, holds(support_, unit)});
        crossing_states_.append(state_);
        const auto count = static_cast<Index>(flow_.crossings.size());
        if (count >= options_.most_crossings)
            flow_.statement = "event storm: " + std::to_string(count) + " crossings by " +
                              std::to_string(tau_ * time_) +
                              " s; raise most_crossings or ask for a shorter time";
    }

    /// Steps as long as cancellation allows, and not much longer than the time between crossings.
    void adapt(bool crossed) {
        if (series_.growth() > 100.0)
            most_step_ = 0.7 * series_.step();
        else if (!crossed && series_.growth() < 10.0 && series_.terms() < FlowSeries::most_terms)
            most_step_ *= 1.2;
        else if (series_.terms() == FlowSeries::most_terms)
            most_step_ = std::min(most_step_, series_.step());
        if (crossed) {
            spacing_ =
                std::isinf(spacing_) ? since_crossing_ : 0.7 * spacing_ + 0.3 * since_crossing_;
            since_crossing_ = 0.0;
        } else if (spacing_ < since_crossing_) {
            spacing_ = since_crossing_;
        }
        spacing_ = std::max(spacing_, 1e-3 / coordinates_.rate_bound);
    }

    void check_state() {
        constexpr double largest = 1e100;
        const double norm = state_.norm();
        if (norm < largest) return;
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
    Vector state_;
    Vector largest_inputs_;  ///< Of each unit so far.
    std::vector<Candidate> candidates_;
    Support support_;
    Support on_threshold_;  ///< Units whose input is zero just now.
    ThresholdFlow flow_;
    Columns samples_;
    Columns crossing_states_;
    Index recorded_ = 0;
    double time_ = 0.0;
    double scale_ = 0.0;
    double truncation_ = 0.0;
    double most_step_ = 0.0;
    double spacing_ = 0.0;
    double since_crossing_ = 0.0;
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
