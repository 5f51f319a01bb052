#pragma once

#include "carry/stretch.hpp"
#include "heddle/carry/tube.hpp"

namespace heddle {

/// A passage and the trajectory through it that tubes are laid around.
struct Plan {
    Passage stretches;
    Matrix states;  ///< (n, T + 1).
    double growth;  ///< ‖Π J‖₂.
};

void check_arrival(const CarriedLibrary& carried, std::size_t motif, const Arrival& arrival);
[[nodiscard]] Plan plan_of(const CarriedLibrary& carried, std::size_t motif,
                           const Arrival& arrival);
[[nodiscard]] Tube tube_around(const CarriedLibrary& carried, std::size_t motif, const Plan& plan,
                               double start);

}  // namespace heddle
