#pragma once

#include "heddle/equations/rate_equations.hpp"

namespace heddle::examples {

/// Equations with every operation, three delays, an input, and names that no language allows.
inline RateEquations every_operation() {
    const Expression x = symbol("x"), y = symbol("y"), w = symbol("lambda");
    RateEquations equations;
    equations.title = "Every operation";
    equations.populations = {"a,b", "\"q\" $é"};
    equations.rates = {"x", "if"};
    equations.parameters = {{"lambda", "", 0.7, "a word of Python"},
                            {"d", "ms", 1.25, "a \\"},
                            {"tau-1", "ms", 8.0, "no \n identifier"}};
    equations.inputs = {{"I", "", {-3.0, 2.0, 5.03}, Vector{{0.2, -0.5, 1.0}}}};
    Expression means = 0.0;
    for (int k = 0; k <= 4; ++k)
        means += 0.3 * softplus_mean(k, x - 0.2 * k, w + 1.0) + 0.2 * rectified_mean(k, y, w) +
                 0.1 * softplus_mean(k, x + 0.3, 0.0) + 0.1 * rectified_mean(k, x + 0.3, 0.0);
    const Expression d = symbol("if");
    equations.definitions = {
        {"if", "",
         normal_below(x) * hyperbolic_tangent(y) + sign(x) * absolute(y) +
             power(square(x) + 1.0, 0.3) + symbol("I")},
        {"E-é", "",
         exponential(-square(d)) + logarithm(1.0 + square(y)) +
             power(1.0 + square(x), 0.5) / (square(y) + 2.0) - power(1.0 + square(y), -1.5)}};
    equations.states = {{"x", "", 0.4, (means - x + delayed("E-é", symbol("d"))) / symbol("tau-1")},
                        {"y", "", -0.3,
                         (0.5 * delayed("x", 2.0 * symbol("d")) - y - 0.4 * delayed("y", 0.9) +
                          0.3 * symbol("E-é")) /
                             symbol("tau-1")}};
    return equations;
}

}  // namespace heddle::examples
