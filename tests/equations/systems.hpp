#pragma once

#include <string>

#include "heddle/equations/rate_equations.hpp"

namespace heddle::examples {

/// Small equations that the tests share.

inline RateEquations equations_of(std::vector<EquationState> states,
                                  std::vector<EquationParameter> parameters = {}) {
    RateEquations equations;
    equations.title = "an example";
    equations.populations = {"x"};
    equations.rates = {states[0].name};
    equations.states = std::move(states);
    equations.parameters = std::move(parameters);
    return equations;
}

/// ẋ = −r x(t − d) (1 + x): Wright's equation, d = 1 ms.
inline RateEquations wright(double r) {
    const Expression x = symbol("x");
    RateEquations equations =
        equations_of({{"x", "", 0.1, -symbol("r") * delayed("x", symbol("d")) * (1.0 + x)}},
                     {{"r", "", r, ""}, {"d", "ms", 1.0, ""}});
    return equations;
}

/// ẋ = p + x² : a fold at p = 0; ẏ = −y.
inline RateEquations fold(double p) {
    return equations_of(
        {{"x", "", -1.0, symbol("p") + square(symbol("x"))}, {"y", "", 0.5, -symbol("y")}},
        {{"p", "", p, ""}});
}

/// Two populations of sigmoid units, E and I: Wilson and Cowan, with delays.
inline RateEquations wilson_cowan(double drive, double delay = 0.0) {
    const auto phi = [](const Expression& u) { return 100.0 * softplus_mean(1, u, 0.0); };
    const auto seen = [&](const char* name) {
        return delay > 0.0 ? delayed(name, symbol("d")) : symbol(name);
    };
    RateEquations equations;
    equations.title = "Wilson–Cowan";
    equations.populations = {"E", "I"};
    equations.rates = {"r_E", "r_I"};
    equations.definitions = {{"u_E", "", 0.16 * seen("r_E") - 0.12 * seen("r_I") + symbol("I_E")},
                             {"u_I", "", 0.15 * seen("r_E") - 0.03 * seen("r_I") - 3.7}};
    equations.states = {{"r_E", "Hz", 5.0, (phi(symbol("u_E")) - symbol("r_E")) / symbol("tau_E")},
                        {"r_I", "Hz", 5.0, (phi(symbol("u_I")) - symbol("r_I")) / symbol("tau_I")}};
    equations.parameters = {
        {"I_E", "", drive, "drive"}, {"tau_E", "ms", 10.0, ""}, {"tau_I", "ms", 10.0, ""}};
    if (delay > 0.0) equations.parameters.push_back({"d", "ms", delay, ""});
    return equations;
}

}  // namespace heddle::examples
