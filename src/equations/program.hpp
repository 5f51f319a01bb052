#pragma once

#include <map>
#include <string>
#include <vector>

#include "equations/code_dialect.hpp"
#include "heddle/equations/code.hpp"

namespace heddle {

/// What programs that solve the equations have in common: the parts of their templates.
///
/// State, delayed values, inputs and definitions are arrays `x`, `past`, `drive` and `d`, changes an
/// array `change`.
class Program final {
  public:
    Program(const CodeModel& model, CodeDialect& write);

    /// How parameters are read, by their position.
    void read_parameters(const std::vector<std::string>& texts);

    /// Lines of functions, and the names of what these return.
    [[nodiscard]] std::string definitions();
    [[nodiscard]] std::string changes();
    [[nodiscard]] std::string slopes();
    [[nodiscard]] std::string delays();
    [[nodiscard]] std::vector<std::string> of(const std::vector<std::string>& names) const;
    [[nodiscard]] std::vector<std::string> delay_names() const;

    /// Where the rate of each population is read: "x[0]" or "d[2]".
    [[nodiscard]] std::vector<std::string> rates() const;
    [[nodiscard]] std::vector<std::string> initial(const CodeOptions& options) const;
    [[nodiscard]] std::vector<std::string> state_names(const std::string& special) const;
    /// Names of populations that are no trouble in a table.
    [[nodiscard]] std::vector<std::string> population_names(const std::string& special) const;

  private:
    const CodeModel& model_;
    CodeDialect& write_;
    std::map<std::string, std::string> states_, definitions_, changes_, sources_;
};

/// Only those helper functions that `code` calls, in order: pairs of name and text. A helper may
/// call those before it.
[[nodiscard]] std::string helpers_of(
    const std::string& code, const std::vector<std::pair<std::string, std::string>>& helpers);

/// Each line of `text` after `indent`.
[[nodiscard]] std::string indented(const std::string& text, const std::string& indent);

}  // namespace heddle
