#pragma once

#include <cmath>
#include <numeric>
#include <string>

#include "heddle/spiking/connectome.hpp"
#include "support/examples.hpp"

/// Small circuits that the tests share.
namespace heddle::examples {

inline Distribution constant(double value) {
    return {.location = value};
}

inline Distribution normal(double mean, double deviation) {
    return {.kind = Distribution::Kind::normal, .location = mean, .scale = deviation};
}

/// A normal law of the number of partners, 0 to `most`.
inline Distribution degree(double mean, double deviation, double most) {
    return {.kind = Distribution::Kind::normal,
            .location = mean,
            .scale = deviation,
            .low = 0.0,
            .high = most};
}

inline Population population(const std::string& name, Index size) {
    return {
        .name = name, .size = size, .neuron = {}, .noise = {}, .adaptation = {}, .quenched = {}};
}

/// Weight 1 and delay 1 ms unless changed.
inline Projection projection(const std::string& source, const std::string& target,
                             const Rule& rule) {
    return {.source = source,
            .target = target,
            .rule = rule,
            .synapse = {},
            .weight = constant(1.0),
            .delay = constant(1.0),
            .left = {},
            .right = {},
            .autapses = false};
}

/// One population of the given size that projects onto itself.
inline Circuit recurrent(Index size, const Rule& rule) {
    return {.populations = {population("e", size)},
            .projections = {projection("e", "e", rule)},
            .inputs = {},
            .readouts = {}};
}

/// What a block stores, synapse by synapse: source (in the circuit), lane, cell, weight.
struct Stored {
    std::size_t population;
    std::uint32_t source;
    std::uint32_t delay;
    Index target;  ///< Counted in the circuit.
    std::size_t port;
    float weight;

    friend bool operator==(const Stored&, const Stored&) = default;
};

inline Stored stored_at(const Block& block, std::size_t population, std::uint32_t source,
                        const Lane& lane, std::uint32_t cell, float weight,
                        const std::vector<Index>& firsts) {
    const Slice* slice = &block.slices.front();
    for (const Slice& candidate : block.slices)
        if (candidate.cell <= cell) slice = &candidate;
    const auto offset = static_cast<Index>(cell - slice->cell);
    const Index neuron = firsts[slice->population] + slice->first + offset % slice->count;
    return {population, source, lane.delay, neuron, static_cast<std::size_t>(offset / slice->count),
            weight};
}

/// Every synapse of a connectome, in the order of blocks, source populations, and storage.
inline std::vector<Stored> all_stored(const Circuit& circuit, const Connectome& connectome) {
    std::vector<Index> firsts(1, 0);
    for (const Population& p : circuit.populations) firsts.push_back(firsts.back() + p.size);
    std::vector<Stored> out;
    for (const Block& block : connectome.blocks)
        for (std::size_t p = 0; p < block.from.size(); ++p) {
            const Rows& rows = block.from[p];
            const std::size_t lanes = rows.lanes.size();
            for (std::size_t k = 0; k + 1 < rows.starts.size(); ++k)
                for (std::uint32_t s = rows.starts[k]; s < rows.starts[k + 1]; ++s) {
                    const Lane& lane = rows.lanes[k % lanes];
                    out.push_back(stored_at(block, p, static_cast<std::uint32_t>(k / lanes), lane,
                                            rows.cells[s],
                                            lane.weighted ? rows.weights[s] : lane.weight, firsts));
                }
        }
    return out;
}

}  // namespace heddle::examples
