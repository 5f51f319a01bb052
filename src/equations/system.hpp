#pragma once

#include <string>
#include <vector>

#include "equations/tape.hpp"
#include "heddle/equations/rate_equations.hpp"

namespace heddle {

/// Equations with their definitions written out, as formulas of states, inputs, parameters and the
/// symbols of delayed values.
struct WrittenOut {
    struct Delayed {
        std::string name;
        Expression by;     ///< ms.
        Expression value;  ///< What it was then, as a formula of states.
    };

    explicit WrittenOut(const RateEquations& equations);

    /// A state or a definition.
    [[nodiscard]] Expression of(const std::string& name) const;
    /// With delayed values being present ones.
    [[nodiscard]] Expression resting(const Expression& formula) const;

    std::vector<std::string> names;  ///< Of states, then of definitions,
    std::vector<Expression> values;  ///< and what they are.
    std::vector<Expression> rates;   ///< Change of each state per ms.
    std::vector<Delayed> delayed;    ///< Each once.
};

/// The symbol that stands for delayed value k.
[[nodiscard]] std::string past(std::size_t k);

/// The delays that delayed values have.
[[nodiscard]] std::vector<double> delays_of(const RateEquations& equations,
                                            const WrittenOut& written);

/// Equations ready to be evaluated many times, by one thread at a time.
class EquationSystem final {
  public:
    explicit EquationSystem(const RateEquations& equations);

    [[nodiscard]] std::size_t states() const { return states_; }
    [[nodiscard]] std::size_t inputs() const { return inputs_; }
    [[nodiscard]] const std::vector<double>& delays() const { return delays_; }

    /// The change of the states per ms.
    void velocity(const double* state, const double* inputs, const double* delayed, double* change);
    /// What delayed values are now.
    void present(const double* state, const double* inputs, const double* delayed, double* values);
    void definitions(const double* state, const double* inputs, const double* delayed,
                     double* values);

    /// Where a moment's numbers go.
    struct Moment {
        double* change;       ///< What `velocity` gives,
        double* values;       ///< `present`,
        double* slopes;       ///< how fast those change, per ms,
        double* definitions;  ///< and `definitions`.
    };
    /// All of them; what they share is computed once.
    void all(const double* state, const double* inputs, const double* delayed, const Moment& into);

  private:
    void give(const double* state, const double* inputs, const double* delayed);
    void take(const Tape& tape, std::size_t first, std::size_t count, double* into) const;

    std::size_t states_;
    std::size_t inputs_;
    std::vector<double> delays_;
    Tape velocity_;
    Tape values_now_;
    Tape definitions_;
    Tape all_;
    std::vector<double> values_;  ///< States, inputs, delayed values; then a tape's own.
};

/// Equations where nothing changed for long, with their slopes: delayed values are present ones.
class SteadySystem final {
  public:
    /// \param time  ms, of inputs.
    explicit SteadySystem(const RateEquations& equations, double time = 0.0);

    [[nodiscard]] Index states() const { return states_; }

    void set_parameter(std::size_t k, double value) { parameters_[k] = value; }
    [[nodiscard]] double parameter(std::size_t k) const { return parameters_[k]; }

    [[nodiscard]] Vector velocity(const VectorView& state);
    /// d velocity / d state, delayed values moving along.
    [[nodiscard]] Matrix jacobian(const VectorView& state);
    /// d velocity / d parameter.
    [[nodiscard]] Vector slope(const VectorView& state, std::size_t parameter);
    [[nodiscard]] Vector definitions(const VectorView& state);
    [[nodiscard]] EquationSlopes slopes(const VectorView& state);

  private:
    const double* run(const Tape& tape, const VectorView& state);
    [[nodiscard]] Vector outputs(const Tape& tape, const VectorView& state);

    Index states_;
    std::vector<double> parameters_;
    std::vector<std::string> leaves_;
    std::vector<std::string> parameter_names_;
    std::vector<Expression> resting_;  ///< Change of each state.
    Tape velocity_;
    Tape definitions_;
    Tape slopes_;  ///< ∂f/∂x, then ∂f/∂delayed, then ∂delayed/∂x, then delays.
    Index delays_;
    std::vector<Tape> parameter_slopes_;  ///< Made when asked for.
    std::vector<double> values_;
};

/// A state or definition by name.
[[nodiscard]] double value_of(const RateEquations& equations, const std::string& name,
                              const Vector& state, const Vector& definitions);

/// Name of the first definition that is below what it is declared to be; "" if none is.
[[nodiscard]] std::string definition_out_of_range(const RateEquations& equations,
                                                  const Vector& definitions);

/// The rates of populations at states that change slowly, shape (P, samples): definitions are taken
/// at rest. \param states shape (n, samples).
[[nodiscard]] Matrix rates_along(const RateEquations& equations, const Matrix& states, double time);

/// The mean from `start` to `end` of what is values[k] for times[k] ≤ t < times[k + 1], 0 before;
/// from `start` to itself, what it is then.
[[nodiscard]] double mean_of_steps(const std::vector<double>& times, const Vector& values,
                                   double start, double end);

/// The mean of each input from `start` to `end`, ms; from `start` to itself, the input then.
void mean_inputs(const RateEquations& equations, double start, double end, double* mean);

}  // namespace heddle
