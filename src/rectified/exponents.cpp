#include "rectified/exponents.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <vector>

#include "heddle/core/random.hpp"
#include "linalg/checks.hpp"
#include "linalg/orthonormalise.hpp"
#include "network/checks.hpp"
#include "rectified/exponent_statement.hpp"
#include "rectified/exponent_statistics.hpp"

namespace heddle {
namespace {

constexpr double wanted_log_condition = 11.5;  // log 1e5
constexpr Index most_steps_apart = 64;
constexpr Index fewest_intervals = 100;
constexpr Index most_noted = 200;

/// One run: what is carried from stage to stage.
class Run {
  public:
    Run(TangentFlow& flow, const ExponentRun& asked, const Progress& progress)
        : flow_(flow), asked_(asked), progress_(progress) {}

    LyapunovSpectrum follow() {
        settle();
        if (ended_.empty()) align();
        if (ended_.empty()) average();
        return report();
    }

  private:
    [[nodiscard]] Index steps_in(double time) const {
        return static_cast<Index>(std::ceil(time / flow_.step() - 1e-9));
    }

    /// The state alone moves to where it stays; then the step is chosen there.
    void settle() {
        const Index n = flow_.state().size();
        Matrix none(n, 0);
        const double half = asked_.transient / 2;
        const Index steps = steps_in(half);
        for (Index s = 0; s < steps && bounded(none); s += most_steps_apart) {
            advance(std::min(most_steps_apart, steps - s), none);
            tell(half * static_cast<double>(s) / static_cast<double>(steps));
        }
        q_.resize(n, asked_.count);
        Random(asked_.seed, stream_of("tangents"))
            .fill_normal({q_.data(), static_cast<std::size_t>(q_.size())});
        static_cast<void>(orthonormalise(q_));
        if (!ended_.empty()) return;
        flow_.choose_step(q_);
        step_error_ = flow_.step_error(q_);
    }

    /// Tangent vectors turn towards the fastest directions, and tell how fast they spread apart.
    void align() {
        const Index steps = steps_in(asked_.transient / 2);
        double spread = 0.0;
        for (Index s = 0; s < steps; s += apart_) {
            const Index now = std::min(apart_, steps - s);
            advance(now, q_);
            if (!bounded(q_)) return;
            const double log_condition = std::log(orthonormalise(q_).condition);
            const double rate = log_condition / static_cast<double>(now);
            spread = s < steps / 2 ? rate : std::max(spread, rate);
            apart_ = std::min(2 * apart_, interval_for(spread));
            tell(asked_.transient / 2 *
                 (1.0 + static_cast<double>(s) / static_cast<double>(steps)));
        }
        apart_ = interval_for(spread);
    }

    [[nodiscard]] Index interval_for(double spread) const {
        if (flow_.every_step()) return 1;
        const double most = std::clamp(
            static_cast<double>(steps_in(asked_.duration)) / static_cast<double>(fewest_intervals),
            1.0, static_cast<double>(most_steps_apart));
        const double wanted = spread > 0.0 ? wanted_log_condition / spread : most;
        return static_cast<Index>(std::clamp(std::floor(wanted), 1.0, most));
    }

    void average() {
        const Index intervals = std::max<Index>(2, steps_in(asked_.duration) / apart_);
        const double before = flow_.trace_integral();
        interval_ = flow_.step() * static_cast<double>(apart_);
        rates_.resize(asked_.count, intervals);
        for (Index i = 0; i < intervals; ++i) {
            advance(apart_, q_);
            if (!bounded(q_)) break;
            const Orthonormalised found = orthonormalise(q_);
            rates_.col(taken_++) = found.log_diagonal / interval_;
            condition_ = std::max(condition_, found.condition);
            if (taken_ % (1 + intervals / 10) == 0)
                step_error_ = std::max(step_error_, flow_.step_error(q_));
            tell(asked_.transient + interval_ * static_cast<double>(taken_));
        }
        rates_.conservativeResize(Eigen::NoChange, taken_);
        time_ = interval_ * static_cast<double>(taken_);
        if (taken_ > 0) trace_ = (flow_.trace_integral() - before) / time_;
    }

    [[nodiscard]] LyapunovSpectrum report() {
        LyapunovSpectrum result{};
        result.time = time_;
        result.transient = asked_.transient;
        result.step = flow_.step();
        result.interval = interval_;
        result.steps = steps_;
        result.step_error = step_error_;
        result.condition = condition_;
        result.final_state = flow_.state();
        if (taken_ >= 2) evaluate(result);
        const double unit_error = 1e-5 * static_cast<double>(asked_.count) / asked_.unit;
        judge(result, {ended_, long_enough_, drift_, unit_error, asked_.unit});
        return result;
    }

    void evaluate(LyapunovSpectrum& result) {
        sort_rates();
        const double floor = step_error_ + 1e-7 / asked_.unit;
        const ExponentStatistics statistics =
            exponent_statistics(rates_, floor, 2e-3 / asked_.unit);
        result.exponents = statistics.mean;
        result.standard_errors = statistics.error;
        result.correlation_time = statistics.correlation * interval_;
        result.batches = statistics.batches;
        long_enough_ = statistics.long_enough;
        drift_ = statistics.largest_drift;
        if (const auto found = kaplan_yorke(rates_, statistics, flow_.state().size(), floor)) {
            result.kaplan_yorke = found->dimension;
            result.kaplan_yorke_error = found->error;
        }
        if (std::isfinite(trace_)) result.mean_trace = trace_;
        if (result.mean_trace && asked_.count == flow_.state().size() &&
            std::isfinite(result.exponents.sum()))
            result.sum_residual = result.exponents.sum() - trace_;
        note_averages(result);
    }

    /// Rows by falling mean; QR sorts them itself but for those that are nearly equal.
    void sort_rates() {
        const Vector mean = rates_.rowwise().mean();
        std::vector<Index> order(static_cast<std::size_t>(mean.size()));
        std::iota(order.begin(), order.end(), Index{0});
        std::stable_sort(order.begin(), order.end(),
                         [&](Index a, Index b) { return mean[a] > mean[b]; });
        rates_ = Matrix(rates_(order, Eigen::all));
    }

    void note_averages(LyapunovSpectrum& result) const {
        const Index noted = std::min(taken_, most_noted);
        result.running_times.resize(noted);
        result.running.resize(rates_.rows(), noted);
        Vector sum = Vector::Zero(rates_.rows());
        for (Index t = 0, i = 0; t < noted; ++t) {
            const Index until = (t + 1) * taken_ / noted;
            for (; i < until; ++i) sum += rates_.col(i);
            result.running_times[t] = interval_ * static_cast<double>(until);
            result.running.col(t) = sum / static_cast<double>(until);
        }
    }

    void advance(Index steps, Matrix& q) {
        flow_.advance(steps, q);
        steps_ += steps;
    }

    [[nodiscard]] bool bounded(const Matrix& q) {
        ended_ = flow_.ended();
        if (ended_.empty() && (!(flow_.state().cwiseAbs().maxCoeff() < 1e100) || !q.allFinite()))
            ended_ = "the state or its tangent vectors grow without bound; there is no attractor";
        return ended_.empty();
    }

    void tell(double time) const {
        const double all = asked_.transient + asked_.duration;
        const auto done = static_cast<std::size_t>(1000.0 * std::min(1.0, time / all));
        if (progress_) progress_(done, 1000);
    }

    TangentFlow& flow_;
    const ExponentRun& asked_;
    const Progress& progress_;
    Matrix q_;
    Matrix rates_;
    Index apart_ = 1;
    Index taken_ = 0;
    Index steps_ = 0;
    double interval_ = 0.0;
    double time_ = 0.0;
    double trace_ = 0.0;
    double step_error_ = 0.0;
    double condition_ = 1.0;
    double drift_ = 0.0;
    bool long_enough_ = false;
    std::string ended_;
};

}  // namespace

ExponentRun run_from(const LyapunovOptions& options, Index states, double unit,
                     double default_duration) {
    if (options.count < 1)
        throw DomainError("count: found " + std::to_string(options.count) +
                          ", expected at least 1 exponent");
    for (const auto& [name, value] :
         {std::pair{"duration", options.duration}, std::pair{"transient", options.transient},
          std::pair{"step", options.step}})
        if (!(value >= 0.0) || !std::isfinite(value))
            throw DomainError(std::string(name) + ": found " + number_text(value) +
                              ", expected a positive time, or 0 for the default");
    const double duration = options.duration > 0.0 ? options.duration : default_duration;
    if (duration < 20.0 * unit)
        throw DomainError("duration: found " + number_text(duration) + ", expected at least " +
                          number_text(20.0 * unit) + ", 20 " +
                          (unit == 1.0 ? "steps or time constants" : "time constants"));
    const double transient = options.transient > 0.0 ? options.transient : duration / 5;
    return {std::min(options.count, states), duration, transient, unit, options.seed};
}

Vector start_of(const LyapunovOptions& options, Index states) {
    if (options.start) {
        require_shape(*options.start, states, 1, "start");
        require_finite(*options.start, "start");
        return *options.start;
    }
    Vector start(states);
    Random(options.seed, stream_of("start"))
        .fill_normal({start.data(), static_cast<std::size_t>(start.size())});
    return start;
}

LyapunovSpectrum exponents_of(TangentFlow& flow, const ExponentRun& run, const Progress& progress) {
    return Run(flow, run, progress).follow();
}

}  // namespace heddle
