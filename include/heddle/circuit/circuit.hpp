#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "heddle/circuit/distribution.hpp"
#include "heddle/circuit/neuron.hpp"

namespace heddle {

/// Neurons that share a law.
struct Population {
    std::string name;
    Index size = 0;
    Neuron neuron;
    Noise noise;
    std::vector<Adaptation> adaptation;
    /// Parameters that differ between neurons, by name: any parameter of the law, "sigma",
    /// "q_sfa[0]", "tau_stc[1]", … (position among those of its kind), and "V_m", the potential at
    /// t = 0 (E_L if not given; 0 for the quadratic neuron).
    std::map<std::string, Distribution> quenched;
};

/// What an arriving spike of weight w does to its target:
///
///     delta        V jumps by w, mV
///     exponential  current w exp(−t / tau_syn), pA
///     alpha        current w (e t / tau_syn) exp(−t / tau_syn), pA: its peak is w
///
/// With `conductance` the same is a conductance, nS, and drives the current g (E_rev − V). Into a
/// quadratic neuron weights are dimensionless, as V and I are.
struct Synapse {
    enum class Kind { delta, exponential, alpha };

    Kind kind = Kind::exponential;
    double tau_syn = 2.0;      ///< ms; not used by delta.
    bool conductance = false;  ///< Never for delta or into quadratic neurons.
    double E_rev = 0.0;        ///< mV; used with conductance only.

    /// Do they do the same? What is not used makes no difference.
    friend bool operator==(const Synapse& a, const Synapse& b) {
        return a.kind == b.kind && a.conductance == b.conductance &&
               (a.kind == Kind::delta || a.tau_syn == b.tau_syn) &&
               (!a.conductance || a.E_rev == b.E_rev);
    }
};

/// Every neuron of the source connects to the neuron of the same position.
struct OneToOne {};

struct AllToAll {};

/// Every target neuron draws its number of sources from `indegree` (rounded), then its sources.
struct FixedIndegree {
    Distribution indegree;
    bool multapses = false;
};

/// Every source neuron draws its number of targets from `outdegree` (rounded), then its targets.
struct FixedOutdegree {
    Distribution outdegree;
    bool multapses = false;
};

/// Exactly `synapses` pairs, each drawn from all pairs (with multapses).
struct FixedTotal {
    std::int64_t synapses = 0;
};

/// Erdős–Rényi: each pair with probability p.
struct Bernoulli {
    double p = 0.1;
};

/// Each pair (i, j) with probability min(1, p a_i b_j): a_i, b_j lognormal with mean 1 and the
/// given coefficients of variation; within a population log a_i and log b_i have the given
/// correlation.
struct CorrelatedDegrees {
    double p = 0.1;
    double in_cv = 0.0;
    double out_cv = 0.0;
    double correlation = 0.0;
};

/// Given connections: source neuron, target neuron, and, if not empty, weight and delay of each,
/// which then replace the projection's.
struct Edges {
    std::vector<std::uint32_t> source;
    std::vector<std::uint32_t> target;
    std::vector<double> weight;
    std::vector<double> delay;  ///< ms.
};

using Rule = std::variant<OneToOne, AllToAll, FixedIndegree, FixedOutdegree, FixedTotal, Bernoulli,
                          CorrelatedDegrees, Edges>;

/// Synapses from one population onto another; the weight of the synapse from j to i is
///
///     J_ij = χ_ij + (1 / N_source) Σ_m left[i, m] right[j, m] ,   χ_ij drawn from `weight`
struct Projection {
    std::string source;
    std::string target;
    Rule rule;
    Synapse synapse;
    Distribution weight;    ///< χ, in the unit of the synapse.
    Distribution delay;     ///< ms; rounded to the time step, at least one.
    Matrix left;            ///< Shape (N_target, rank); may be empty.
    Matrix right;           ///< Shape (N_source, rank).
    bool autapses = false;  ///< May a neuron connect to itself?
};

/// I(t) = values[k] for times[k] ≤ t < times[k + 1], 0 before times[0]: steps or an array. One row
/// for the whole population, or one for each neuron.
struct CurrentInput {
    std::vector<double> times;  ///< ms, increasing.
    Matrix values;              ///< pA, shape (1 or N, number of times).
};

/// Independent Poisson spikes to each neuron.
struct PoissonInput {
    double rate = 0.0;    ///< Of each neuron's input, Hz.
    double weight = 0.0;  ///< In the unit of the synapse.
    Synapse synapse;
    double start = 0.0;  ///< ms.
    double stop = std::numeric_limits<double>::infinity();
};

/// A current I that obeys tau İ = mean − I + √(2 tau) sigma ξ: one for all neurons (shared), or one
/// for each.
struct OrnsteinUhlenbeckInput {
    double mean = 0.0;   ///< pA.
    double sigma = 0.0;  ///< Stationary standard deviation, pA.
    double tau = 10.0;   ///< ms.
    bool shared = false;
};

struct Input {
    std::string target;
    std::variant<CurrentInput, PoissonInput, OrnsteinUhlenbeckInput> drive;
};

/// y(t) = Σ_j weights[:, j] (ε ∗ S_j)(t) / 1 s⁻¹ over the neurons of one population, with
/// ε = exp(−t / tau) / tau: filtered spike trains, in Hz.
struct SpikeReadout {
    std::string name;
    std::string source;
    Matrix weights;      ///< Shape (d, N).
    double tau = 100.0;  ///< ms.
};

/// Populations of spiking neurons, a plain value: everything a simulation, an export, and every
/// rate equation derive from.
struct Circuit {
    std::vector<Population> populations;
    std::vector<Projection> projections;
    std::vector<Input> inputs;
    std::vector<SpikeReadout> readouts;
};

/// Position of a population. \throws DomainError with a did-you-mean; `where` names what asked.
[[nodiscard]] std::size_t population_index(const Circuit& circuit, const std::string& name,
                                           const std::string& where = "circuit");

[[nodiscard]] Index neurons_of(const Circuit& circuit);

/// The distinct synapses onto a population, from projections first, then Poisson inputs, each in
/// their order: its ports. Spikes at one port add up before anything else happens to them.
[[nodiscard]] std::vector<Synapse> ports_of(const Circuit& circuit, std::size_t population);

/// \throws DomainError or ShapeError naming the population, projection or input and the key: sizes
///         and time constants that are not positive, thresholds below the reset, in-degrees above
///         the population, unknown parameter names, hazards that overflow, adaptive exponential
///         neurons whose parameters cannot rest or fire, …
void validate(const Circuit& circuit);

/// And with the time step (ms): delays below it, time constants it cannot resolve.
void validate(const Circuit& circuit, double step);

}  // namespace heddle
