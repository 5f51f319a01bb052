#pragma once

#include <bit>
#include <cstdint>
#include <vector>

#include "heddle/spiking/row_generator.hpp"
#include "spiking/source_plan.hpp"

namespace heddle {

/// A synapse on its way to its place: lane (upper 16 bits), cell (16), weight (the lower 32, as a
/// float).
using Entry = std::uint64_t;

[[nodiscard]] inline std::uint32_t lane_of(Entry entry) {
    return static_cast<std::uint32_t>(entry >> 48);
}
[[nodiscard]] inline std::uint16_t cell_of(Entry entry) {
    return static_cast<std::uint16_t>(entry >> 32);
}
[[nodiscard]] inline float weight_of(Entry entry) {
    return std::bit_cast<float>(static_cast<std::uint32_t>(entry));
}

/// One row of a source population, block by block, and what drawing it needs.
class RowEntries final {
  public:
    /// Refers to the plan, which must outlive it.
    explicit RowEntries(const SourcePlan& plan) : plan_(plan), entries_(plan.blocks.size()) {}

    /// Draws the synapses of source neuron `row`, in order of lane, then cell, then drawing.
    void draw(std::uint32_t row);
    /// The same, of one block only.
    void draw(std::uint32_t row, std::size_t block);

    [[nodiscard]] const std::vector<Entry>& of(std::size_t block) const { return entries_[block]; }
    /// Appends the row that was drawn into a block.
    void append_to(DrawnRows& rows, std::size_t block) const;

  private:
    void add(std::size_t projection, std::size_t block);
    void sort(std::size_t block);

    const SourcePlan& plan_;
    RowDraw draw_;
    std::vector<std::vector<Entry>> entries_;
    std::vector<Entry> spare_;
};

}  // namespace heddle
