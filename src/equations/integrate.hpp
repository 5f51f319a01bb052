#pragma once

#include "equations/system.hpp"

namespace heddle {

struct RateSamples {
    Matrix states;  ///< Shape (n, samples); empty if one was not finite.
    Matrix definitions;
};

/// States and definitions at every `each`-th of `steps` steps of the classical Runge–Kutta method,
/// the first included. Before the start delayed values were 0 (`silent_past`) or those of the
/// start.
[[nodiscard]] RateSamples integrate(const RateEquations& equations, EquationSystem& system,
                                    const Vector& initial, double step, Index steps, Index each,
                                    bool silent_past);

/// Where the equations start.
[[nodiscard]] Vector initial_state(const RateEquations& equations);

/// \throws DomainError if a step is longer than a delay.
void check_delays_of(const RateEquations& equations, double step);

/// \throws ShapeError, DomainError unless a state that is given (not empty) fits and is finite.
void check_state(const RateEquations& equations, const Vector& state, const char* name);

/// \throws DomainError if a definition is below what it is declared to be, with the time (ms).
void check_range(const RateEquations& equations, const Matrix& definitions, double step);

/// A state or definition by name, from its samples.
[[nodiscard]] Vector row_of(const RateEquations& equations, const RateSamples& samples,
                            const std::string& name);

}  // namespace heddle
