#pragma once

#include "heddle/carry/carry_over.hpp"

namespace heddle {

/// \throws DomainError, ShapeError naming what carry_over cannot take.
void check_carried(const Library& library, const CarryOptions& options);

/// h as asked for, or the largest that fits; a whole part of every motif's dt.
/// \throws DomainError if there is none.
[[nodiscard]] double step_of(const Library& library, double h);

/// x̄ of every unit. \throws ShapeError; DomainError where φ has no slope.
[[nodiscard]] Vector operating_point_of(const CarryOptions& options, Index n);

/// \throws DomainError unless there is a motif of that number.
void check_motif(const CarriedLibrary& carried, std::size_t motif);

}  // namespace heddle
