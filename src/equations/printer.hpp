#pragma once

#include <string>
#include <vector>

#include "heddle/equations/expression.hpp"

namespace heddle {

/// How a language writes formulas.
class Dialect {
  public:
    virtual ~Dialect() = default;

    [[nodiscard]] virtual std::string symbol(const std::string& name) const = 0;
    [[nodiscard]] virtual std::string delayed(const std::string& name,
                                              const std::string& by) const = 0;
    [[nodiscard]] virtual std::string number(double positive) const = 0;
    /// \param base  in parentheses unless it is a symbol or a number.
    [[nodiscard]] virtual std::string power(const std::string& base, double exponent) const = 0;
    [[nodiscard]] virtual std::string root(const std::string& inner) const = 0;
    /// \param parts  formulas that need no parentheses.
    [[nodiscard]] virtual std::string call(Operation operation, int order,
                                           const std::vector<std::string>& parts) const = 0;
    [[nodiscard]] virtual std::string product(const std::vector<std::string>& factors) const = 0;
    [[nodiscard]] virtual std::string fraction(const std::string& above, const std::string& below,
                                               bool many_below) const = 0;
    [[nodiscard]] virtual std::string minus() const { return "-"; }
    [[nodiscard]] virtual std::string parentheses(const std::string& inner) const {
        return "(" + inner + ")";
    }

  protected:
    Dialect() = default;
    Dialect(const Dialect&) = default;
    Dialect& operator=(const Dialect&) = default;
};

/// A formula in a language.
[[nodiscard]] std::string print(const Expression& expression, const Dialect& dialect);

/// For τ in 1/τ × rest: the equation τ ẋ = rest. `tau` is empty if there is none.
struct Relaxation {
    std::string tau;
    Expression rest{0.0};
};
[[nodiscard]] Relaxation relaxation_of(const Expression& rate);

/// "%.6g" or as many digits as `digits` asks for; always with a point or an exponent if `point`.
[[nodiscard]] std::string digits_of(double value, int digits, bool point);

}  // namespace heddle
