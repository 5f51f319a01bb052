#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "heddle/population/stationary_distributions.hpp"
#include "population/cumulants.hpp"

namespace heddle {

/// What a neuron receives for ever: the mean of its free potential, mV, and what fluctuates about
/// it, mV²: the variance of the potential; for leaky neurons σ².
struct LastingInput {
    double mean;
    double noise;
};

/// The stationary rate of neurons of one law, F.
class StationaryGain final {
  public:
    StationaryGain(const EscapeNeuron& neuron, double tau_s,
                   std::vector<Adaptation> thresholds = {})
        : neuron_(neuron), tau_s_(tau_s), thresholds_(std::move(thresholds)) {}
    StationaryGain(const LeakyNeuron& neuron, double tau_s) : neuron_(neuron), tau_s_(tau_s) {}

    /// Hz.
    [[nodiscard]] double operator()(const LastingInput& input) const;

  private:
    std::variant<EscapeNeuron, LeakyNeuron> neuron_;
    double tau_s_ = 0.0;  ///< Correlation time of the noise, ms, where a reset makes it matter.
    std::vector<Adaptation> thresholds_;  ///< That move; empty unless there is no reset.
};

/// Synapses of one projection, as a neuron of the target sees them.
struct QuenchedSource {
    std::size_t projection = 0;
    std::size_t population = 0;  ///< Whose rates these are.
    double area = 0.0;           ///< mV / Hz: of the mean, for a weight of 1,
    double power = 0.0;          ///< mV² / Hz: and of the noise.
    Cumulants weight;
    Cumulants degree;              ///< Of in-degrees; within correlated degrees given a = 1.
    double share = 0.0;            ///< p; 0 where a source may count twice.
    bool by_label = false;         ///< Do in-degrees grow with the label?
    std::vector<double> low_rank;  ///< Σ_j left_i · right_j / N over its sources, or nothing.
};

/// A number that differs between neurons whatever the rates: factor × law, or one of `values`.
struct QuenchedNumber {
    Distribution law;
    double factor = 1.0;         ///< mV per unit of the law.
    std::vector<double> values;  ///< mV.

    [[nodiscard]] Cumulants cumulants() const;
};

/// In- and out-degrees that go together, within a population: a neuron with the standard normal
/// label z expects a(z) times as many sources, and is b(z) times as often one.
struct DegreeLabel {
    double in_deviation;   ///< Of log a.
    double out_deviation;  ///< Of log b.
    double correlation;

    [[nodiscard]] double in(double z) const;
    /// The mean of b given z; with a second number its draw.
    [[nodiscard]] double out(double z) const;
    [[nodiscard]] double out(double z, double other) const;
};

/// A population and all that its neurons receive for ever.
struct QuenchedPopulation {
    StationaryGain gain;
    double mean = 0.0;   ///< What all neurons share of the mean, mV,
    double noise = 0.0;  ///< and of the noise, mV².
    std::vector<QuenchedNumber> numbers;
    std::vector<QuenchedSource> sources;
    std::optional<DegreeLabel> label;
};

struct QuenchedCircuit {
    std::vector<QuenchedPopulation> populations;
};

/// \throws DomainError as `stationary_distributions` says.
[[nodiscard]] QuenchedCircuit quenched_circuit(const Circuit& circuit,
                                               const DistributionOptions& options);

/// The part of that which refuses. \throws DomainError
void check_distributions(const Circuit& circuit, const DistributionOptions& options);

}  // namespace heddle
