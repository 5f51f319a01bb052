#pragma once

#include <string>
#include <vector>

#include "heddle/equations/expression.hpp"

namespace heddle {

/// A line of code: name = value.
struct Assignment {
    std::string name;
    Expression value{0.0};
};

/// The symbol of the k-th part that got a line of its own.
[[nodiscard]] std::string part_name(std::size_t k);

/// The same assignments in lines of bounded length: what occurs more than once, in whichever of
/// them, and what is too long, gets a line of its own before the first that needs it.
struct LineOptions {
    std::size_t longest = 16;       ///< Operands in a line, about; ≥ 4.
    bool simple_arguments = false;  ///< Of `normal_below`: leaves only.
};
[[nodiscard]] std::vector<Assignment> straight_line(const std::vector<Assignment>& assignments,
                                                    const LineOptions& options = {});

}  // namespace heddle
