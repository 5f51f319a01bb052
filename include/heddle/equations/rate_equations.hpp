#pragma once

#include <limits>
#include <string>
#include <vector>

#include "heddle/equations/expression.hpp"
#include "heddle/linalg/types.hpp"

namespace heddle {

/// What equations move in time.
struct EquationState {
    std::string name;  ///< "s_E": a letter, then what it belongs to.
    std::string unit;  ///< "" for a number.
    double initial = 0.0;
    Expression rate{0.0};  ///< Its change per ms.
};

/// What follows from states at once, for short.
struct EquationDefinition {
    std::string name;
    std::string unit;
    Expression value{0.0};  ///< Of states, parameters, inputs and definitions before it.
    /// Where the equations mean something: v ≥ 0, say.
    double least = -std::numeric_limits<double>::infinity();
};

struct EquationParameter {
    std::string name;
    std::string unit;
    double value = 0.0;
    std::string meaning;  ///< In a few words.
};

/// A number that changes in steps: values[k] for times[k] ≤ t < times[k + 1], 0 before times[0].
struct EquationInput {
    std::string name;
    std::string unit;
    std::vector<double> times;  ///< ms, increasing.
    Vector values;
};

/// Rate equations of populations, as formulas: delay differential equations
///
///     ẋ = f(x, d, p, I(t)) ,   d = definitions and states, now or a delay ago.
///
/// What is delayed does not itself depend on delayed values.
struct RateEquations {
    std::string title;  ///< What they are, in a few words.
    std::vector<std::string> populations;
    std::vector<std::string> rates;  ///< Each population's rate, Hz: a state or a definition.
    std::vector<EquationState> states;
    std::vector<EquationDefinition> definitions;
    std::vector<EquationParameter> parameters;
    std::vector<EquationInput> inputs;
    std::vector<std::string> assumptions;  ///< What separates the circuit from them.
};

/// \throws DomainError naming the state, definition, parameter or input: names that are empty,
///         taken twice or unknown to a formula, definitions before those they need, delays that are
///         not formulas of parameters, nothing to move, values that are not finite.
void validate(const RateEquations& equations);

/// Position among parameters. \throws DomainError with a did-you-mean.
[[nodiscard]] std::size_t parameter_index(const RateEquations& equations, const std::string& name);

/// What drives equations at one time.
struct EquationDrive {
    Vector inputs;   ///< Shape (inputs,).
    Vector delayed;  ///< In the order of `delayed_values`.
};

/// The delayed values that occur, each once, with the delay it has now.
struct DelayedValue {
    std::string name;
    double delay;  ///< ms.
};
[[nodiscard]] std::vector<DelayedValue> delayed_values(const RateEquations& equations);

/// The change of the states per ms, shape (n,). \throws ShapeError
[[nodiscard]] Vector velocity(const RateEquations& equations, const VectorView& state,
                              const EquationDrive& drive);

/// The same where nothing changed for long: delayed values are present ones, inputs those at
/// `time`, ms.
[[nodiscard]] Vector steady_velocity(const RateEquations& equations, const VectorView& state,
                                     double time = 0.0);

/// All definitions at such a state.
[[nodiscard]] Vector steady_definitions(const RateEquations& equations, const VectorView& state,
                                        double time = 0.0);

/// The linearisation ẏ = A y + Σ_k b_k c_kᵀ y(t − d_k).
struct EquationSlopes {
    Matrix a;      ///< Shape (n, n).
    Matrix b;      ///< Shape (n, delayed values).
    Matrix c;      ///< Shape (delayed values, n).
    Vector delay;  ///< ms, shape (delayed values,).
};
[[nodiscard]] EquationSlopes steady_slopes(const RateEquations& equations, const VectorView& state,
                                           double time = 0.0);

}  // namespace heddle
