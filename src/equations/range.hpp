#pragma once

#include <string>

namespace heddle {

/// \throws DomainError naming the parameter unless from < to, both finite, and `start` lies
/// between.
void check_range(const std::string& name, double start, double from, double to);

/// The first part of it. `what` begins the sentence: "the range of 'J'".
void check_ends(const std::string& what, double from, double to);

}  // namespace heddle
