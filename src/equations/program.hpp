#pragma once

#include <map>
#include <string>
#include <vector>

#include "equations/code_dialect.hpp"
#include "heddle/equations/code.hpp"

namespace heddle {

/// How a language writes what is no formula.
struct ProgramStyle {
    const char* comment;  ///< What starts one.
    const char* special;  ///< Characters that strings escape.
    const char* yes;
    const char* no;
};

/// What programs that solve the equations have in common: values for their templates.
///
/// State, delayed values, inputs and definitions are arrays `x`, `past`, `drive` and `d`, changes
/// an array `change`.
class Program final {
  public:
    Program(const CodeModel& model, CodeDialect& write, const ProgramStyle& style);

    /// How parameters are read, by their position.
    void read_parameters(const std::vector<std::string>& texts);

    /// All but "parameters", "inputs" and "helpers".
    [[nodiscard]] std::map<std::string, std::string> values(const CodeOptions& options);

    /// A line that gives a parameter its value, with what it means as a comment.
    [[nodiscard]] std::string parameter(const EquationParameter& item,
                                        const std::string& line) const;
    /// The times and the values of an input, after an indent.
    [[nodiscard]] std::string times(const EquationInput& item, const std::string& indent) const;
    [[nodiscard]] std::string levels(const EquationInput& item, const std::string& indent) const;

  private:
    [[nodiscard]] std::string delays();
    [[nodiscard]] std::string definitions();
    [[nodiscard]] std::string changes();
    [[nodiscard]] std::string slopes();
    [[nodiscard]] std::string list(const std::vector<std::string>& names) const;
    [[nodiscard]] std::vector<std::string> delay_names() const;
    [[nodiscard]] std::vector<std::string> rates() const;
    [[nodiscard]] std::vector<std::string> initial(const CodeOptions& options) const;
    [[nodiscard]] std::vector<std::string> state_names() const;
    [[nodiscard]] std::vector<std::string> population_names() const;

    const CodeModel& model_;
    CodeDialect& write_;
    ProgramStyle style_;
    std::map<std::string, std::string> states_, definitions_, changes_, sources_;
};

/// Only those helper functions that `code` calls, in order: pairs of name and text. A helper may
/// call those before it.
[[nodiscard]] std::string helpers_of(
    const std::string& code, const std::vector<std::pair<std::string, std::string>>& helpers);

/// Each line of `text` after `indent`.
[[nodiscard]] std::string indented(const std::string& text, const std::string& indent);

}  // namespace heddle
