#include <algorithm>
#include <cmath>

#include "heddle/core/error.hpp"
#include "network/checks.hpp"
#include "population/delay_line.hpp"
#include "population/quadratic_flow.hpp"

namespace heddle {
namespace {

/// The classical Runge–Kutta method for equations with delays.
class Integrator final {
  public:
    Integrator(const QuadraticRates& equations, const Vector& initial, double step, Index steps)
        : equations_(equations),
          flow_(equations),
          step_(step),
          nodes_(static_cast<std::size_t>(steps) + 1),
          state_(initial),
          probe_(initial.size()),
          slopes_(initial.size(), 4),
          delayed_(static_cast<Index>(equations.filters.size())),
          current_(equations.tau.size()),
          values_(equations.names.size() * nodes_),
          rate_slopes_(values_.size()) {
        for (const RateFilter& filter : equations.filters) lines_.emplace_back(filter.delay / step);
        remember(values_, 0, state_.data());
    }

    [[nodiscard]] const Vector& state() const { return state_; }

    void advance(Index k) {
        const double t = static_cast<double>(k) * step_;
        mean_currents(equations_, t, t + step_, current_);
        slope(DelayLine::start, k, state_, 0);
        remember(rate_slopes_, k, slopes_.col(0).data());
        probe_ = state_ + 0.5 * step_ * slopes_.col(0);
        slope(DelayLine::middle, k, probe_, 1);
        probe_ = state_ + 0.5 * step_ * slopes_.col(1);
        slope(DelayLine::middle, k, probe_, 2);
        probe_ = state_ + step_ * slopes_.col(2);
        slope(DelayLine::end, k, probe_, 3);
        state_ += step_ / 6.0 *
                  (slopes_.col(0) + 2.0 * slopes_.col(1) + 2.0 * slopes_.col(2) + slopes_.col(3));
        remember(values_, k + 1, state_.data());
    }

  private:
    void slope(DelayLine::Stage stage, Index k, const Vector& at, Index column) {
        for (std::size_t f = 0; f < lines_.size(); ++f) {
            const std::size_t row = nodes_ * static_cast<std::size_t>(equations_.filters[f].source);
            delayed_[static_cast<Index>(f)] =
                lines_[f].read(stage, k, values_.data() + row, rate_slopes_.data() + row, step_);
        }
        flow_.velocity(at.data(), delayed_.data(), current_.data(), slopes_.col(column).data());
    }

    /// Rates of a state, or their slopes, into the history.
    void remember(std::vector<double>& history, Index node, const double* source) const {
        for (std::size_t a = 0; a < equations_.names.size(); ++a)
            history[a * nodes_ + static_cast<std::size_t>(node)] =
                source[RateLayout::rate(static_cast<Index>(a))];
    }

    const QuadraticRates& equations_;
    QuadraticFlow flow_;
    double step_;
    std::size_t nodes_;
    Vector state_;
    Vector probe_;
    Matrix slopes_;
    Vector delayed_;
    Vector current_;
    std::vector<double> values_;  ///< Of the rate of each population, one after the other.
    std::vector<double> rate_slopes_;
    std::vector<DelayLine> lines_;
};

void check_options(const QuadraticRates& equations, const RateSolveOptions& options) {
    check_positive(options.duration, "duration");
    check_positive(options.step, "step");
    if (!(options.tolerance > 0.0))
        throw DomainError("tolerance is " + number_text(options.tolerance) + "; it must be > 0");
    if (options.step > options.duration)
        throw DomainError("step is " + number_text(options.step) + " ms, above the duration " +
                          number_text(options.duration) + " ms; give a part of it");
    for (const RateFilter& filter : equations.filters)
        if (options.step > filter.delay * (1.0 + 1e-9))
            throw DomainError("step is " + number_text(options.step) +
                              " ms, above the delay from '" +
                              equations.names[static_cast<std::size_t>(filter.source)] + "', " +
                              number_text(filter.delay) + " ms; give at most that");
    const Index n = RateLayout(equations).size();
    if (options.initial.size() != 0 && options.initial.size() != n)
        throw ShapeError("initial", "(" + std::to_string(n) + ",)",
                         "(" + std::to_string(options.initial.size()) + ",)");
    if (!options.initial.allFinite())
        throw DomainError("initial holds NaN or infinity; give finite numbers");
}

/// States at every `each`-th of `steps` steps, the first included; empty if one is not finite.
Matrix states_of(const QuadraticRates& equations, const Vector& initial, double step, Index steps,
                 Index each) {
    Integrator integrator(equations, initial, step, steps);
    Matrix states(initial.size(), steps / each + 1);
    states.col(0) = initial;
    for (Index k = 0; k < steps; ++k) {
        integrator.advance(k);
        if (!integrator.state().allFinite()) return {};
        if ((k + 1) % each == 0) states.col((k + 1) / each) = integrator.state();
    }
    return states;
}

constexpr Index most_steps = 256;  // In one of those asked for.

[[noreturn]] void give_up(const RateSolveOptions& options) {
    throw NotConverged("the rate equations are not solved to a tolerance of " +
                       number_text(options.tolerance) + " by steps of " +
                       number_text(options.step / static_cast<double>(most_steps)) +
                       " ms; a step shorter than " + number_text(options.step) +
                       " ms or a larger tolerance may do");
}

/// Solutions with more and more steps until two agree.
void refine(const QuadraticRates& equations, const Vector& initial, Index samples,
            const RateSolveOptions& options, RateTrajectory& out) {
    Matrix coarse = states_of(equations, initial, options.step, samples, 1);
    for (Index each = 2; each <= most_steps; each *= 2) {
        out.inner_step = options.step / static_cast<double>(each);
        out.states = states_of(equations, initial, out.inner_step, each * samples, each);
        if (coarse.size() > 0 && out.states.size() > 0) {
            out.error = (out.states - coarse).cwiseAbs().rowwise().maxCoeff();
            const Vector size = out.states.cwiseAbs().rowwise().maxCoeff();
            if (std::isinf(options.tolerance) ||
                (out.error.array() <= options.tolerance * size.array()).all())
                return;
        }
        coarse = out.states;
    }
    give_up(options);
}

Matrix rates_of(const QuadraticRates& equations, const Matrix& states) {
    Matrix rates(equations.tau.size(), states.cols());
    for (Index a = 0; a < rates.rows(); ++a) rates.row(a) = states.row(RateLayout::rate(a));
    return rates;
}

}  // namespace

RateTrajectory solve(const QuadraticRates& equations, const RateSolveOptions& options) {
    check_options(equations, options);
    const Vector& initial = options.initial.size() == 0 ? equations.initial : options.initial;
    const auto samples = static_cast<Index>(std::ceil(options.duration / options.step - 1e-9));
    RateTrajectory out{
        equations.names, equations.state_names, Vector(samples + 1), {}, {}, {}, options.step, 0.0};
    for (Index k = 0; k <= samples; ++k) out.times[k] = static_cast<double>(k) * options.step;
    refine(equations, initial, samples, options, out);
    out.rates = rates_of(equations, out.states);
    return out;
}

}  // namespace heddle
