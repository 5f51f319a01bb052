#pragma once

#include <string>
#include <vector>

#include "population/age_density.hpp"
#include "population/coupling.hpp"
#include "population/rate_search.hpp"

namespace heddle {

/// Populations of neurons with escape noise and how their free potentials follow the rates,
///
///     h = rest + coupling A .
struct AgeCircuit {
    Circuit circuit;  ///< Without constant laws.
    Vector rest;      ///< mV.
    Matrix coupling;  ///< mV / Hz.

    [[nodiscard]] Vector potential(const Vector& rates) const { return rest + coupling * rates; }
    /// Of one population at these rates.
    [[nodiscard]] AgeDensity density(Index population, const Vector& rates) const;
    /// 1 / ∫ S of all, and how they follow the rates.
    [[nodiscard]] MapValue value_at(const Vector& rates) const;
    /// Populations hardly fire faster than this, Hz.
    [[nodiscard]] Vector ceiling() const;
    /// Does a refractory period bound every rate?
    [[nodiscard]] bool bounded() const;
};

/// \throws DomainError naming what has no stationary age structure, and what would.
[[nodiscard]] AgeCircuit age_circuit(const Circuit& circuit);

/// What is assumed beyond the circuit, in sentences.
[[nodiscard]] std::vector<std::string> age_assumptions(const Circuit& circuit);

}  // namespace heddle
