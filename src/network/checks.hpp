#pragma once

#include <string>

#include "heddle/linalg/types.hpp"

/// What the generators ask of their arguments; each throws a DomainError that names it.
namespace heddle {

/// As short as a reader wants it: 0.9, 1e-12, nan.
[[nodiscard]] std::string number_text(double value);

void check_finite(const MatrixView& values, const char* name);
void check_size(Index n);
/// Finite and 0 or more.
void check_radius(double value, const char* name);
/// Finite and above 0.
void check_positive(double value, const char* name);
/// In (0, 1].
void check_probability(double value, const char* name);
/// In (0, 1).
void check_open_probability(double value, const char* name);

}  // namespace heddle
