#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "heddle/circuit/circuit.hpp"
#include "heddle/core/parallel.hpp"

namespace heddle {

/// The part of a population that lies in a block.
struct Slice {
    std::size_t population;
    Index first;  ///< Its first neuron, counted in the population.
    Index count;
    std::uint32_t cell;  ///< Of its first neuron at port 0; port p is at cell + p · count.

    friend bool operator==(const Slice&, const Slice&) = default;
};

/// Synapses that share delay and weight, or delay and the fact that each has a weight of its own.
struct Lane {
    std::uint32_t delay;  ///< Steps, ≥ 1.
    float weight;         ///< Of every synapse, unless `weighted`.
    bool weighted;        ///< Each synapse has its own weight.

    friend bool operator==(const Lane&, const Lane&) = default;
};

/// Synapses from one population into one block, sorted by source neuron, lane and target.
///
/// Synapses of source j in lane l are starts[j L + l] … starts[j L + l + 1] − 1. Either all lanes
/// are weighted or none.
struct Rows {
    std::vector<Lane> lanes;            ///< L of them, by rising delay.
    std::vector<std::uint32_t> starts;  ///< Shape (N_source · L + 1,); empty if there are none.
    std::vector<std::uint16_t> cells;   ///< Where each synapse ends.
    std::vector<float> weights;         ///< Of each synapse; empty if no lane is weighted.
};

/// Neurons that one thread advances, and the synapses onto them. Input is collected in cells, one
/// for each neuron and port, at most 65,536 in a block: few enough to stay in the cache, and to be
/// named by 16 bits.
struct Block {
    Index first;                ///< First neuron, counted in the circuit.
    Index last;                 ///< One past its last.
    std::vector<Slice> slices;  ///< Its populations, in order.
    std::uint32_t cells;        ///< Number of cells.
    std::vector<Rows> from;     ///< One for each source population.
};

/// The synapses of a circuit, as drawn from a seed. The same for any number of blocks and threads;
/// the synapses of a row onto one neuron also come in the same order.
struct Connectome {
    double step;         ///< ms: delays are counted in it.
    std::uint64_t seed;  ///< What synapses were drawn from, and are drawn from again.
    std::vector<Block> blocks;
    std::int64_t synapses;      ///< As drawn; if `regenerated`, their expected number.
    std::int64_t bytes;         ///< Of all arrays.
    std::uint32_t least_delay;  ///< Steps; 1 if there are no synapses.
    std::uint32_t most_delay;
    bool regenerated = false;  ///< No synapses are stored: `Rows` have lanes and nothing else.
};

struct ConnectOptions {
    double step = 0.1;  ///< ms.
    std::uint64_t seed = 0;
    std::size_t threads = 1;  ///< 0: one per core. At least as many blocks are made.
    std::int64_t memory = 0;  ///< Bytes that may be used; 0: no limit.
    /// Lay out blocks and lanes only: synapses are drawn again whenever their source fires.
    bool regenerate = false;
};

/// What `connect` will need at its peak, bytes, estimated before anything is drawn. With
/// `regenerate`, what `simulate` will: the synapses of spikes in flight, at 20 Hz a neuron.
[[nodiscard]] std::int64_t memory_needed(const Circuit& circuit, const ConnectOptions& options);

/// Draws the synapses of a circuit. Every synapse is a function of the seed, the projection and its
/// source neuron (its target neuron, for FixedIndegree), so any number of threads gives the same.
///
/// \throws DomainError  what `validate(circuit, step)` finds; a delay law that reaches beyond
///         65,535 steps; more memory needed than there is, with both numbers, before anything is
///         drawn; fixed in-degrees, whose targets draw their sources, with `regenerate`.
/// A delay is rounded to the nearest step, and to one step if that is 0 or less. Given edges may
/// contain autapses whatever the projection says of them.
/// \cost 2 to 6 bytes a synapse, and 4 for each source neuron and lane; 20 to 40 ns a synapse. With
///       `regenerate` neither: what rows share, a number for each neuron, is drawn by `simulate`.
[[nodiscard]] Connectome connect(const Circuit& circuit, const ConnectOptions& options = {},
                                 const Progress& progress = {});

/// All synapses of one projection, sorted by target, then source: for tests, exports and analysis.
/// Weights as stored (single precision), delays on the grid.
[[nodiscard]] Edges edges_of(const Circuit& circuit, const ConnectOptions& options,
                             std::size_t projection);

}  // namespace heddle
