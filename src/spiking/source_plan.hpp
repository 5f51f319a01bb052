#pragma once

#include <cstdint>
#include <vector>

#include "heddle/spiking/connectome.hpp"
#include "spiking/projection_rows.hpp"

namespace heddle {

/// Where the synapses of one projection go in one block.
struct Landing {
    std::uint32_t first = 0;  ///< The target neurons in the block, counted in the population:
    std::uint32_t count = 0;  ///< `first` … `first + count − 1`.
    std::uint32_t cell = 0;   ///< Of the first of them, at the projection's port.
    std::vector<std::uint16_t> lanes;  ///< Of each delay of the projection.
    float weight = 0.0F;               ///< Of all its synapses, if they share it.
};

/// What one source population sends into one block.
struct BlockPlan {
    std::vector<Lane> lanes;
    bool weighted = false;          ///< Does each synapse have its own weight?
    double expected = 0.0;          ///< Synapses.
    std::vector<Landing> landings;  ///< One for each projection of the source population.
};

/// What one source population sends, all blocks together.
struct SourcePlan {
    std::uint32_t sources = 0;
    std::vector<const ProjectionRows*> projections;
    std::vector<BlockPlan> blocks;
    double expected = 0.0;  ///< Synapses.

    /// Can all rows be drawn source by source?
    [[nodiscard]] bool by_source() const;
};

/// One projection after another, ready to be drawn.
[[nodiscard]] std::vector<ProjectionRows> projection_rows(const Circuit& circuit, double step,
                                                          std::uint64_t seed);

/// The plan of one source population.
/// \throws DomainError if there are more than 65,535 pairs of delay and weight.
[[nodiscard]] SourcePlan plan_source(const Circuit& circuit, const std::vector<Block>& blocks,
                                     const std::vector<ProjectionRows>& projections,
                                     std::size_t population);

}  // namespace heddle
