#pragma once

#include <string>
#include <vector>

#include "heddle/circuit/circuit.hpp"
#include "heddle/equations/rate_equations.hpp"

namespace heddle {

/// A way to tell a circuit by the rates of its populations, and whether it describes this one.
struct Level {
    std::string name;      ///< "rate-units", …: what `reduce` takes.
    std::string title;     ///< In a few words.
    std::string function;  ///< Name of the function that derives or solves it.
    bool equations;        ///< Is it RateEquations that `reduce` returns?
    bool describes;        ///< Does it describe the circuit?
    std::string reason;    ///< If not: why, and what would.
};

/// All levels, from the most exact to the simplest, each asked about the circuit.
/// \throws DomainError, ShapeError  as `validate`.
[[nodiscard]] std::vector<Level> levels_of(const Circuit& circuit);

/// The rate equations of a circuit at a level; of the first that has equations and describes it if
/// no name is given.
/// \throws DomainError naming the level and why it does not describe the circuit, with those that
///         do.
[[nodiscard]] RateEquations reduce(const Circuit& circuit, const std::string& level = "");

}  // namespace heddle
