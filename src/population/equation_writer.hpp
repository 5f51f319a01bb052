#pragma once

#include <map>
#include <string>
#include <vector>

#include "heddle/equations/rate_equations.hpp"

namespace heddle {

/// Builds rate equations: names that are taken get a number, times that agree are one parameter.
class EquationWriter {
  public:
    RateEquations out;

    /// `name`, or the first of name_2, name_3, … that is free.
    [[nodiscard]] std::string fresh(const std::string& name);

    Expression parameter(const std::string& name, const char* unit, double value,
                         const std::string& meaning);

    /// A parameter in ms, shared by all that ask with the same name and value.
    Expression time(const std::string& name, double value, const std::string& meaning);

    Expression define(const std::string& name, const char* unit, const Expression& value,
                      double least = -std::numeric_limits<double>::infinity());

    Expression state(const std::string& name, const char* unit, double initial);
    void moves(const Expression& state, const Expression& rate);

    /// A state with tau ẋ = −x + target, shared by all that ask for the same formulas.
    Expression follows(const std::string& name, const char* unit, const Expression& tau,
                       const Expression& target, double initial = 0.0);

    /// A number that changes in steps; a parameter if it never does.
    Expression input(const std::string& name, const char* unit, std::vector<double> times,
                     const Vector& values, const std::string& meaning);

  private:
    struct Follower {
        Expression tau, target, state;
    };

    std::map<std::string, int> used_;
    std::map<std::pair<std::string, double>, Expression> times_;
    std::vector<Follower> followers_;
};

}  // namespace heddle
