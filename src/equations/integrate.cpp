#include "equations/integrate.hpp"

#include <algorithm>
#include <vector>

#include "equations/delay_line.hpp"
#include "heddle/core/error.hpp"
#include "network/checks.hpp"

namespace heddle {
namespace {

/// The classical Runge–Kutta method for equations with delays.
class Integrator final {
  public:
    Integrator(const RateEquations& equations, EquationSystem& system, const Vector& initial,
               double step, Index steps, bool silent_past)
        : equations_(equations),
          system_(system),
          step_(step),
          nodes_(static_cast<std::size_t>(steps) + 1),
          silent_(silent_past),
          state_(initial),
          probe_(initial.size()),
          slopes_(initial.size(), 4),
          delayed_(Vector::Zero(static_cast<Index>(system.delays().size()))),
          inputs_(static_cast<Index>(system.inputs())),
          inputs_now_(inputs_.size()),
          values_(system.delays().size() * nodes_),
          value_slopes_(values_.size()),
          now_(system.delays().size()),
          now_slopes_(now_.size()),
          definitions_(equations.definitions.size()) {
        for (const double delay : system.delays()) lines_.emplace_back(delay / step);
    }

    [[nodiscard]] const Vector& state() const { return state_; }

    /// Reads and computes all that step k starts from.
    void begin(Index k) {
        const double t = static_cast<double>(k) * step_;
        mean_inputs(equations_, t, t + step_, inputs_.data());
        read(DelayLine::start, k);
        system_.all(state_.data(), inputs_.data(), delayed_.data(),
                    {slopes_.col(0).data(), now_.data(), now_slopes_.data(), definitions_.data()});
        store(values_, k, now_);
        store(value_slopes_, k, now_slopes_);
    }

    /// \pre begin(k)
    void advance(Index k) {
        read(DelayLine::middle, k);
        probe_ = state_ + 0.5 * step_ * slopes_.col(0);
        slope(probe_, 1);
        probe_ = state_ + 0.5 * step_ * slopes_.col(1);
        slope(probe_, 2);
        read(DelayLine::end, k);
        probe_ = state_ + step_ * slopes_.col(2);
        slope(probe_, 3);
        state_ += step_ / 6.0 *
                  (slopes_.col(0) + 2.0 * slopes_.col(1) + 2.0 * slopes_.col(2) + slopes_.col(3));
    }

    /// Definitions where step k starts, with the inputs of that moment. \pre begin(k)
    void definitions(Index k, double* values) {
        const double t = static_cast<double>(k) * step_;
        mean_inputs(equations_, t, t, inputs_now_.data());
        if (inputs_now_ == inputs_)
            std::ranges::copy(definitions_, values);
        else
            system_.definitions(state_.data(), inputs_now_.data(), delayed_.data(), values);
    }

  private:
    void slope(const Vector& at, Index column) {
        system_.velocity(at.data(), inputs_.data(), delayed_.data(), slopes_.col(column).data());
    }

    void read(DelayLine::Stage stage, Index k) {
        for (std::size_t d = 0; d < lines_.size(); ++d) {
            // What a delay after the start begins may jump: a step sees the side it lies on.
            const double position = static_cast<double>(k) + 0.5 * static_cast<double>(stage);
            const double side = stage == DelayLine::start ? 1e-9 : -1e-9;
            const bool before = position + side < system_.delays()[d] / step_;
            delayed_[static_cast<Index>(d)] =
                before ? (silent_ ? 0.0 : first(d))
                       : lines_[d].read(stage, k, values_.data() + d * nodes_,
                                        value_slopes_.data() + d * nodes_, step_);
        }
    }

    /// What delayed value d was at the start.
    double first(std::size_t d) {
        if (!started_) {
            system_.present(state_.data(), inputs_.data(), delayed_.data(), now_.data());
            start_values_ = now_;
            started_ = true;
        }
        return start_values_[d];
    }

    void store(std::vector<double>& history, Index node, const std::vector<double>& source) const {
        for (std::size_t d = 0; d < source.size(); ++d)
            history[d * nodes_ + static_cast<std::size_t>(node)] = source[d];
    }

    const RateEquations& equations_;
    EquationSystem& system_;
    double step_;
    std::size_t nodes_;
    bool silent_;
    bool started_ = false;
    Vector state_;
    Vector probe_;
    Matrix slopes_;
    Vector delayed_;
    Vector inputs_;               ///< Their means in the step,
    Vector inputs_now_;           ///< and what they are at its start.
    std::vector<double> values_;  ///< Of each delayed value, one after the other.
    std::vector<double> value_slopes_;
    std::vector<double> now_, now_slopes_, start_values_;
    std::vector<double> definitions_;
    std::vector<DelayLine> lines_;
};

}  // namespace

RateSamples integrate(const RateEquations& equations, EquationSystem& system, const Vector& initial,
                      double step, Index steps, Index each, bool silent_past) {
    Integrator integrator(equations, system, initial, step, steps, silent_past);
    const auto definitions = static_cast<Index>(equations.definitions.size());
    RateSamples found{Matrix(initial.size(), steps / each + 1),
                      Matrix(definitions, steps / each + 1)};
    for (Index k = 0;; ++k) {
        integrator.begin(k);
        if (k % each == 0) {
            found.states.col(k / each) = integrator.state();
            integrator.definitions(k, found.definitions.col(k / each).data());
        }
        if (k == steps) return found;
        integrator.advance(k);
        if (!integrator.state().allFinite()) return {};
    }
}

Vector initial_state(const RateEquations& equations) {
    Vector initial(static_cast<Index>(equations.states.size()));
    for (Index i = 0; i < initial.size(); ++i)
        initial[i] = equations.states[static_cast<std::size_t>(i)].initial;
    return initial;
}

void check_delays_of(const RateEquations& equations, double step) {
    for (const DelayedValue& item : delayed_values(equations))
        if (step > item.delay * (1.0 + 1e-9))
            throw DomainError("step is " + number_text(step) + " ms, above the delay of '" +
                              item.name + "', " + number_text(item.delay) +
                              " ms; give at most that");
}

void check_state(const RateEquations& equations, const Vector& state, const char* name) {
    const auto n = static_cast<Index>(equations.states.size());
    if (state.size() != 0 && state.size() != n)
        throw ShapeError(name, "(" + std::to_string(n) + ",)",
                         "(" + std::to_string(state.size()) + ",)");
    if (!state.allFinite())
        throw DomainError(std::string(name) + " holds NaN or infinity; give finite numbers");
}

void check_range(const RateEquations& equations, const Matrix& definitions, double step) {
    for (Index d = 0; d < definitions.rows(); ++d) {
        const EquationDefinition& item = equations.definitions[static_cast<std::size_t>(d)];
        for (Index k = 0; k < definitions.cols(); ++k)
            if (!(definitions(d, k) >= item.least - 1e-9))
                throw DomainError("'" + item.name + "' is " + number_text(definitions(d, k)) + " " +
                                  item.unit + " at " + number_text(static_cast<double>(k) * step) +
                                  " ms, below " + number_text(item.least) +
                                  ": the closure left its range; take a shorter step, or simulate "
                                  "the neurons");
    }
}

Vector row_of(const RateEquations& equations, const RateSamples& samples, const std::string& name) {
    const auto& states = equations.states;
    const auto state = std::ranges::find(states, name, &EquationState::name);
    if (state != states.end()) return samples.states.row(state - states.begin()).transpose();
    const auto& definitions = equations.definitions;
    const auto definition = std::ranges::find(definitions, name, &EquationDefinition::name);
    return samples.definitions.row(definition - definitions.begin()).transpose();
}

}  // namespace heddle
