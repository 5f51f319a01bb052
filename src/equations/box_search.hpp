#pragma once

#include "equations/rest.hpp"

namespace heddle {

/// What dividing a box left.
struct BoxSearch {
    std::vector<RestProblem::Box> zeros;      ///< In each exactly one, proven.
    std::vector<RestProblem::Box> undecided;  ///< In each any number.
    Index boxes = 0;                          ///< Looked at.
    bool bounded = true;                      ///< Was the box finite? Else nothing was done.
};

/// The box made as small as the unknowns' own formulas allow: no zero is lost.
[[nodiscard]] RestProblem::Box tightened(const RestProblem& problem, RestProblem::Box box,
                                         bool& empty);

/// Is it proven that the box holds exactly one zero?
[[nodiscard]] bool holds_one(const RestProblem& problem, RestProblem::Box box);

/// All zeros within the bounds, until `most` boxes were looked at.
[[nodiscard]] BoxSearch search_box(const RestProblem& problem, Index most);

}  // namespace heddle
