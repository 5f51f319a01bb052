#pragma once

#include <cstdint>
#include <vector>

#include "heddle/spiking/connectome.hpp"
#include "spiking/rows_in_flight.hpp"
#include "spiking/spike_history.hpp"

namespace heddle {

/// Brings spikes to the cells of one block.
///
/// A step pulls what is due in it: for each lane, the spikes of one delay ago. All of it then falls
/// into one array of cells, which stays in the second-level cache, while the synapses stream by
/// once; and every cell receives in the same order, however the circuit is divided.
class Delivery final {
  public:
    /// \param number     of the block.
    /// \param in_flight  where rows are if the block stores none; else null.
    Delivery(const Block& block, std::size_t number, const RowsInFlight* in_flight)
        : block_(block), number_(number), in_flight_(in_flight), cells_(block.cells) {}

    /// Adds the weights of all spikes due at `step`. \return how many there were.
    std::int64_t deliver(std::uint64_t step, SpikeHistory& history);

    [[nodiscard]] float* cells() { return cells_.data(); }

  private:
    /// Synapses first … last − 1 of a row and their common weight, if they have one.
    struct Run {
        const std::uint16_t* cell;
        const float* weight;  ///< None: `common`.
        std::uint32_t count;
        float common;
    };

    void find_runs(std::uint64_t step, SpikeHistory& history);
    /// Runs of one lane from the spikes emitted at `step`.
    void find_runs(std::uint64_t step, std::size_t population, std::size_t l,
                   SpikeHistory& history);
    /// The run that begins at starts[k] of stored rows, or of drawn ones.
    template <class AnyRows>
    void add_run(const AnyRows& rows, std::size_t k, const Lane& lane);

    const Block& block_;
    std::size_t number_;
    const RowsInFlight* in_flight_;
    std::vector<float> cells_;
    std::vector<Run> runs_;
};

}  // namespace heddle
