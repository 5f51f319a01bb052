#pragma once

#include <string>
#include <vector>

#include "heddle/population/rate_units.hpp"

namespace heddle {

/// Where the neurons of a unit get input from, neuron by neuron differently: a projection, a
/// Poisson input, or a quenched number.
struct UnitSource {
    enum class Kind { population, poisson, constant };

    Kind kind = Kind::constant;
    std::string label;           ///< Of the source: a population, an input, a parameter.
    std::size_t population = 0;  ///< Whose spikes these are.
    double delay = 0.0;          ///< ms.
    double rate = 0.0;           ///< Of a Poisson input, Hz, from `start` to `stop`, ms.
    double start = 0.0;
    double stop = 0.0;
    double tau_syn = 0.0;   ///< ms; 0: delta.
    double mean = 0.0;      ///< W, mV / Hz.
    double variance = 0.0;  ///< Of C, what weighs all sources alike, mV² / Hz² (mV² of a constant),
    double random = 0.0;    ///< and what is drawn for each synapse.
    double noise = 0.0;     ///< Variance of the potential per rate of single spikes, mV² / Hz.
};

/// What a neuron's own spikes move: a threshold or a current (as R I, mV), by b / tau at a spike,
/// decaying with tau; or what the membrane makes of all currents.
struct UnitAdaptation {
    enum class Kind { threshold, current, membrane };

    Kind kind = Kind::threshold;
    double tau;      ///< ms.
    double b = 0.0;  ///< mV / Hz.
};

/// What one population is made of, as a rate unit.
struct RateUnit {
    RateUnit(const Circuit& circuit, std::size_t population);

    std::string name;     ///< Of the population, without spaces.
    EscapeNeuron neuron;  ///< Quenched parameters at their means.
    double noise;         ///< Variance of the membrane's own noise, mV².
    double initial;       ///< Potential at t = 0, mV.
    std::vector<UnitSource> sources;
    std::vector<UnitAdaptation> adaptations;
    std::vector<const CurrentInput*> currents;
};

/// \throws DomainError as `rate_units` says.
void check_rate_units(const Circuit& circuit);
void check_rate_units(const Circuit& circuit, const RateUnitOptions& options);

/// Does it forget its spikes, but for adaptation?
/// \throws DomainError for a reset or a refractory period; `who` cannot have them.
void check_forgetful(const Population& population, const std::string& who);

/// A mean over neurons as a formula of m and v: Φ (Hz) and its slope to m (Hz / mV).
struct TransferFormulas {
    Expression rate;
    Expression gain;
};
[[nodiscard]] TransferFormulas transfer_formulas(const EscapeNeuron& neuron, const Expression& m,
                                                 const Expression& v);

}  // namespace heddle
