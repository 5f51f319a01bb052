#pragma once

#include <atomic>
#include <cstdint>
#include <vector>

#include "heddle/spiking/row_generator.hpp"
#include "spiking/row_plans.hpp"
#include "spiking/spike_history.hpp"

namespace heddle {

/// The synapses of spikes in flight, for a connectome that stores none: the row of every spike is
/// drawn once, into all blocks, and held until the largest delay has passed.
///
/// Rows are drawn between two windows by all threads, and read in those that follow.
class RowsInFlight final {
  public:
    /// \param memory  bytes that rows may take; 0: no limit. Refers to the circuit.
    RowsInFlight(const Circuit& circuit, const Connectome& connectome, std::int64_t memory);

    /// Draws the rows of the spikes of steps `first` … `last` − 1, in place of those that have
    /// arrived everywhere. Every thread calls it; each takes lists of spikes that no other has
    /// taken, by `next`, which is 0 before.
    void draw(std::uint64_t first, std::uint64_t last, SpikeHistory& history,
              std::atomic<std::size_t>& next);

    /// The rows of the spikes of a step that were emitted in block `from`, into block `into`: one
    /// for each spike, in their order.
    [[nodiscard]] const DrawnRows& at(std::uint64_t step, std::size_t population, std::size_t from,
                                      std::size_t into) const {
        return lists_[list_of(step, population, from)][into];
    }

    /// Have rows outgrown their memory? Then not all are there.
    [[nodiscard]] bool full() const { return memory_ > 0 && bytes_ > memory_; }

  private:
    /// The rows of the spikes of one step, population and block, into each block; none without
    /// spikes.
    using List = std::vector<DrawnRows>;

    [[nodiscard]] std::size_t list_of(std::uint64_t step, std::size_t population,
                                      std::size_t block) const {
        return ((step % steps_) * plans_.sources.size() + population) * blocks_ + block;
    }
    void draw(const SourcePlan& plan, const std::vector<Emitted>& spikes, List& list);

    RowPlans plans_;
    std::uint64_t steps_;  ///< The largest delay.
    std::size_t blocks_;
    std::int64_t memory_;
    std::atomic<std::int64_t> bytes_{0};
    std::vector<List> lists_;
};

}  // namespace heddle
