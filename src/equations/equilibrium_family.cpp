#include "equations/equilibrium_family.hpp"

#include "equations/delay_spectrum.hpp"
#include "equations/range.hpp"
#include "heddle/core/error.hpp"
#include "network/checks.hpp"

namespace heddle {

EquilibriumFamily::EquilibriumFamily(const RateEquations& equations, const std::string& parameter,
                                     const BranchOptions& options)
    : equations_(equations),
      options_(options),
      position_(parameter_index(equations, parameter)),
      system_(equations, options.time),
      expansion_(equations, options.time),
      start_(equations.parameters[position_].value) {
    for (const EquationParameter& item : equations.parameters) values_.push_back(item.value);
    check_range(parameter, start_, options.from, options.to);
    check_positive(options.largest_step, "largest_step");
    if (options.most_points < 1)
        throw DomainError("most_points is " + std::to_string(options.most_points) +
                          "; it must be at least 1");
}

void EquilibriumFamily::set_units(const Vector& state) {
    units_.resize(state.size() + 1);
    units_.head(state.size()) = state.cwiseAbs().array() + 0.1 * state.cwiseAbs().maxCoeff();
    units_ = units_.cwiseMax(1e-6);
    units_[state.size()] = options_.to - options_.from;
}

CurvePoint EquilibriumFamily::renewed(const CurvePoint& point) {
    const Vector before = units_;
    set_units(state(point.y));
    const Vector change = before.cwiseQuotient(units_);
    if (change.maxCoeff() < 3.0 && change.minCoeff() > 1.0 / 3.0) {
        units_ = before;
        return point;
    }
    return {point.y.cwiseProduct(change), point.tangent.cwiseProduct(change).normalized()};
}

Vector EquilibriumFamily::scaled(const Vector& state, double parameter) const {
    Vector y(units_.size());
    y << state, parameter;
    return y.cwiseQuotient(units_);
}

Vector EquilibriumFamily::state(const Vector& y) const {
    return y.cwiseProduct(units_).head(y.size() - 1);
}

double EquilibriumFamily::parameter(const Vector& y) const {
    return y[y.size() - 1] * units_[y.size() - 1];
}

bool EquilibriumFamily::in_range(double parameter) const {
    return parameter >= options_.from && parameter <= options_.to;
}

CurveEquations EquilibriumFamily::equations() {
    const auto n = units_.size() - 1;
    return {
        [this, n](const Vector& y) -> Vector {
            at(y);
            return system_.velocity(state(y)).cwiseQuotient(units_.head(n));
        },
        [this, n](const Vector& y) {
            at(y);
            Matrix slope(n, n + 1);
            slope.leftCols(n) = system_.jacobian(state(y));
            slope.col(n) = system_.slope(state(y), position_);
            return Matrix(units_.head(n).cwiseInverse().asDiagonal() * slope * units_.asDiagonal());
        }};
}

EquationSlopes EquilibriumFamily::slopes(const Vector& y) {
    at(y);
    return system_.slopes(state(y));
}

ComplexVector EquilibriumFamily::eigenvalues(const Vector& y) {
    return 1e3 * rightmost_eigenvalues(slopes(y));
}

Vector EquilibriumFamily::rates(const Vector& y) {
    at(y);
    const Vector x = state(y);
    const Vector definitions = system_.definitions(x);
    Vector found(static_cast<Index>(equations_.rates.size()));
    for (Index a = 0; a < found.size(); ++a)
        found[a] =
            value_of(equations_, equations_.rates[static_cast<std::size_t>(a)], x, definitions);
    return found;
}

double EquilibriumFamily::residual(const Vector& y) {
    at(y);
    return system_.velocity(state(y)).cwiseAbs().maxCoeff();
}

std::string EquilibriumFamily::out_of_range(const Vector& y) {
    at(y);
    return definition_out_of_range(equations_, system_.definitions(state(y)));
}

const Expansion& EquilibriumFamily::expansion(const Vector& y) {
    at(y);
    expansion_.set(values_, state(y));
    return expansion_;
}

void EquilibriumFamily::at(const Vector& y) {
    values_[position_] = parameter(y);
    system_.set_parameter(position_, values_[position_]);
}

}  // namespace heddle
