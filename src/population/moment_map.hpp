#pragma once

#include "population/input_statistics.hpp"

namespace heddle {

/// Rates of the neurons of a population, by the nodes of a rule.
struct NodeRates {
    Vector rate;      ///< Hz.
    Vector weight;    ///< Share of neurons.
    Vector chosen;    ///< Share among the sources that correlated degrees choose.
    Cumulants input;  ///< Of h over neurons, mV.
    double noise;     ///< Mean of s², mV².
};

/// The cumulants of rates that sources of given cumulants cause. As vectors for a search, those of
/// a population after those of another: all neurons' three, then the three of chosen ones where
/// degrees are correlated.
class MomentMap final {
  public:
    MomentMap(const QuenchedCircuit& circuit, DistributionMethod method, Index nodes);

    [[nodiscard]] Vector operator()(const Vector& state) const;
    /// The state of neurons that are silent.
    [[nodiscard]] Vector silent() const;
    /// What differences in a state count as, one for each number.
    [[nodiscard]] Vector scale(const Vector& state) const;
    /// Back to what a state can be: moments of rates from 0 to 10 kHz.
    [[nodiscard]] Vector possible(Vector state) const;
    /// The mean rate of each population, Hz.
    [[nodiscard]] Vector means(const Vector& state) const;
    /// A population by Gauss's nodes, or by a grid: a picture.
    [[nodiscard]] NodeRates rates(const Vector& state, std::size_t population, bool grid) const;
    /// The same map with other nodes.
    [[nodiscard]] MomentMap with(Index nodes) const { return {circuit_, method_, nodes}; }

  private:
    [[nodiscard]] std::vector<SourceRates> sources(const Vector& state) const;
    [[nodiscard]] Index parts(std::size_t population) const;

    const QuenchedCircuit& circuit_;
    DistributionMethod method_;
    Index nodes_;
};

}  // namespace heddle
