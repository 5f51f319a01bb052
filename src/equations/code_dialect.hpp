#pragma once

#include <map>
#include <string>
#include <vector>

#include "equations/code_model.hpp"
#include "equations/identifiers.hpp"
#include "equations/printer.hpp"

namespace heddle {

/// What a language calls the functions of formulas; means take an order before their parts.
struct FunctionNames {
    const char* exponential;
    const char* logarithm;
    const char* hyperbolic_tangent;
    const char* absolute;
    const char* sign;
    const char* root;
    const char* normal_below = "normal_below";
    const char* softplus_mean = "softplus_mean";
    const char* rectified_mean = "rectified_mean";
};

/// How a programming language writes formulas and assignments.
class CodeDialect : public Dialect {
  public:
    CodeDialect(const Identifiers::Rules& rules, const FunctionNames& functions);

    Identifiers names;

    [[nodiscard]] std::string symbol(const std::string& name) const override;
    [[nodiscard]] std::string delayed(const std::string& name,
                                      const std::string& by) const override;
    [[nodiscard]] std::string number(double positive) const override;
    [[nodiscard]] std::string power(const std::string& base, double exponent) const override;
    [[nodiscard]] std::string root(const std::string& inner) const override;
    [[nodiscard]] std::string call(Operation operation, int order,
                                   const std::vector<std::string>& parts) const override;
    [[nodiscard]] std::string product(const std::vector<std::string>& factors) const override;
    [[nodiscard]] std::string fraction(const std::string& above, const std::string& below,
                                       bool many_below) const override;

    /// A number with its sign.
    [[nodiscard]] std::string signed_number(double value) const;

    [[nodiscard]] virtual std::string assignment(const std::string& name,
                                                 const std::string& value) const;
    /// \param i  from 0.
    [[nodiscard]] virtual std::string element(const std::string& array, std::size_t i) const;
    [[nodiscard]] virtual std::string power_sign() const { return "**"; }

    /// Lines that compute `assignments` from what `sources` tells how to read, by name; what is
    /// there under its own identifier is not read.
    /// \param locals  gets the identifiers of what is assigned.
    [[nodiscard]] std::string block(const std::vector<Assignment>& assignments,
                                    const std::map<std::string, std::string>& sources,
                                    std::vector<std::string>* locals = nullptr);

  private:
    [[nodiscard]] const char* function(Operation operation) const;

    FunctionNames functions_;
};

/// As short as it reads back the same; always with a point or an exponent.
[[nodiscard]] std::string exact_digits(double value);

/// In quotes, with what would end them escaped.
[[nodiscard]] std::string quoted(const std::string& text, const std::string& special = "\\\"");

/// "a, b, c", broken after commas before it is wider than a line.
[[nodiscard]] std::string listed(const std::vector<std::string>& items, const std::string& indent);

/// Each line of `text` after `prefix`; what ends lines in the middle of a text is a space.
[[nodiscard]] std::string comment_lines(const std::vector<std::string>& lines,
                                        const std::string& prefix);

/// Title and assumptions, for the head of a file.
[[nodiscard]] std::vector<std::string> head_of(const RateEquations& equations);

/// A text with "@key@" replaced by values.
[[nodiscard]] std::string filled(const std::string& text,
                                 const std::map<std::string, std::string>& values);

}  // namespace heddle
