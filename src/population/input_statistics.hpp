#pragma once

#include "population/quenched_input.hpp"

namespace heddle {

/// The rates of a population's neurons, as sources: over all of them, and over those that its own
/// correlated degrees choose.
struct SourceRates {
    Cumulants all;     ///< Hz, Hz², Hz³.
    Cumulants chosen;  ///< The same without such degrees.
};

/// How what a neuron receives for ever differs.
struct InputStatistics {
    Cumulants mean;           ///< Of h, mV.
    double noise = 0.0;       ///< Mean of s², mV².
    double covariance = 0.0;  ///< Of h and s², mV³.

    /// s² of a neuron with this h: exponential in it, of the mean and covariance above.
    [[nodiscard]] double noise_at(double h) const;
};

/// Of Σ w r over a neuron's synapses of one projection, weights in the unit of the synapse; as
/// `stationary_distributions` has them.
[[nodiscard]] Cumulants sum_cumulants(const QuenchedSource& source, const Cumulants& rate,
                                      double label);

/// \param label  how many times its mean in-degree a neuron has within its population.
[[nodiscard]] InputStatistics input_statistics(const QuenchedPopulation& population,
                                               const std::vector<SourceRates>& rates, double label);

}  // namespace heddle
