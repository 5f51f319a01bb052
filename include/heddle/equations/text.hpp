#pragma once

#include <string>

#include "heddle/equations/rate_equations.hpp"

namespace heddle {

/// A formula in Unicode.
[[nodiscard]] std::string expression_text(const Expression& formula);

/// The equations in lines of Unicode, then what the symbols are worth.
[[nodiscard]] std::string equation_text(const RateEquations& equations);

/// The same as an `aligned` environment for LaTeX, without the values.
[[nodiscard]] std::string equation_latex(const RateEquations& equations);

/// The same as HTML, values in a table.
[[nodiscard]] std::string equation_html(const RateEquations& equations);

}  // namespace heddle
