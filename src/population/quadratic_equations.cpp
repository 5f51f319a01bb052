#include "heddle/equations/text.hpp"
#include "population/quadratic_flow.hpp"
#include "population/quadratic_writer.hpp"

namespace heddle {

RateEquations rate_equations(const QuadraticRates& equations) {
    validate(equations);
    return write_quadratic(equations, Vector::Zero(equations.tau.size()), 1);
}

RateTrajectory solve(const QuadraticRates& equations, const RateSolveOptions& options) {
    return solve(rate_equations(equations), options);
}

RateFixedPoints fixed_points(const QuadraticRates& equations,
                             const RateFixedPointOptions& options) {
    return fixed_points(rate_equations(equations), options);
}

std::string equation_text(const QuadraticRates& equations) {
    return equation_text(rate_equations(equations));
}

std::string equation_latex(const QuadraticRates& equations) {
    return equation_latex(rate_equations(equations));
}

}  // namespace heddle
