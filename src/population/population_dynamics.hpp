#pragma once

#include "population/quenched_input.hpp"

namespace heddle {

/// What the pools did.
struct PoolRecord {
    struct Population {
        std::vector<Cumulants> rates;   ///< Of each pool, over its sweeps, Hz.
        std::vector<Cumulants> first;   ///< The same over the first half of its sweeps, …
        std::vector<Cumulants> second;  ///< … and the second.
        Cumulants input;                ///< Over all pools, mV.
        double noise;                   ///< mV².
        std::vector<double> last;       ///< Rates of all pools after the last sweep, Hz.
    };
    std::vector<Population> populations;
    Matrix means;  ///< Mean rates after each sweep, also those to forget, Hz, (populations,
                   ///< sweeps).
};

/// \param start  rates to begin with, of each population: a few numbers that stand for all.
/// \param share  of the neurons that are drawn at once: so few that means relax.
[[nodiscard]] PoolRecord run_pools(const Circuit& circuit, const QuenchedCircuit& quenched,
                                   const DistributionOptions& options,
                                   const std::vector<Vector>& start, double share);

/// Sweeps before those that count.
[[nodiscard]] inline Index forgotten(const DistributionOptions& options) {
    return (options.sweeps + 1) / 2;
}

}  // namespace heddle
