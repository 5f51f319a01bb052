#pragma once

#include <cmath>
#include <string>

#include "heddle/core/error.hpp"
#include "heddle/linalg/types.hpp"

/// What the generators ask of their arguments.
namespace heddle {

inline void check_size(Index n) {
    if (n < 1) throw DomainError("n: found " + std::to_string(n) + " units, expected at least 1");
}

inline void check_radius(double value, const char* name) {
    if (!(value >= 0.0) || !std::isfinite(value))
        throw DomainError(std::string(name) + ": found " + std::to_string(value) + ", expected a finite number, 0 or more");
}

inline void check_probability(double value, const char* name) {
    if (!(value > 0.0 && value <= 1.0))
        throw DomainError(std::string(name) + ": found " + std::to_string(value) + ", expected a probability in (0, 1]");
}

}  // namespace heddle
