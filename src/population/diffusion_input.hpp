#pragma once

#include <string>
#include <vector>

#include "heddle/circuit/circuit.hpp"
#include "heddle/population/stationary_rates.hpp"
#include "population/rate_search.hpp"
#include "population/siegert_point.hpp"

namespace heddle {

/// The leaky neurons of a circuit and how mean and variance of their input follow the rates r (Hz),
///
///     μ = mean + mean_slope r ,   σ² = variance + variance_slope r .
struct DiffusionInput {
    std::vector<LeakyNeuron> neurons;      ///< Of each population.
    Vector mean;                           ///< mV.
    Matrix mean_slope;                     ///< mV / Hz.
    Vector variance;                       ///< mV².
    Matrix variance_slope;                 ///< mV² / Hz.
    Vector tau_s;                          ///< Correlation time of the noise, ms; 0: white.
    std::vector<std::string> assumptions;  ///< One sentence each.

    NoiseTheory theory = NoiseTheory::shifted;

    /// Population `a` at these rates.
    [[nodiscard]] SiegertPoint point(Index a, const Vector& rates) const;
    /// The rate it has then.
    [[nodiscard]] SiegertValue response(Index a, const Vector& rates) const;
    /// All of them, and how they follow the rates.
    [[nodiscard]] MapValue value_at(const Vector& rates) const;
    /// Populations hardly fire faster than this, Hz.
    [[nodiscard]] Vector ceiling() const;
    /// Does a refractory period bound every rate?
    [[nodiscard]] bool bounded() const;
};

/// \throws DomainError naming what diffusion of leaky neurons does not describe, and what would.
[[nodiscard]] DiffusionInput diffusion_input(const Circuit& circuit, NoiseTheory theory);

}  // namespace heddle
