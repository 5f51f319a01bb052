#include "spiking/rows_in_flight.hpp"

#include "spiking/row_entries.hpp"

namespace heddle {
namespace {

std::int64_t bytes_of(const std::vector<DrawnRows>& list) {
    std::size_t bytes = 0;
    for (const DrawnRows& rows : list)
        bytes += sizeof(rows) + rows.starts.size() * sizeof(std::uint32_t) +
                 rows.cells.size() * sizeof(std::uint16_t) + rows.weights.size() * sizeof(float);
    return static_cast<std::int64_t>(bytes);
}

}  // namespace

RowsInFlight::RowsInFlight(const Circuit& circuit, const Connectome& connectome,
                           std::int64_t memory)
    : plans_(row_plans(circuit, connectome)),
      steps_(connectome.most_delay),
      blocks_(connectome.blocks.size()),
      memory_(memory),
      lists_(steps_ * circuit.populations.size() * blocks_) {}

void RowsInFlight::draw(std::uint64_t first, std::uint64_t last, SpikeHistory& history,
                        std::atomic<std::size_t>& next) {
    const std::size_t populations = plans_.sources.size();
    const std::size_t count = (last - first) * populations * blocks_;
    for (std::size_t i = next++; i < count && !full(); i = next++) {
        const std::uint64_t step = first + i / (populations * blocks_);
        const std::size_t population = i / blocks_ % populations, block = i % blocks_;
        draw(plans_.sources[population], history.at(step, population, block),
             lists_[list_of(step, population, block)]);
    }
}

void RowsInFlight::draw(const SourcePlan& plan, const std::vector<Emitted>& spikes, List& list) {
    bytes_ -= bytes_of(list);
    list = {};
    if (spikes.empty() || plan.projections.empty()) return;
    list.resize(blocks_);
    std::int64_t held = 0;
    RowEntries entries(plan);
    for (const Emitted& spike : spikes) {
        entries.draw(spike.neuron);
        for (std::size_t b = 0; b < blocks_; ++b) entries.append_to(list[b], b);
        const std::int64_t grown = bytes_of(list);
        bytes_ += grown - held;
        held = grown;
        if (full()) return;
    }
    for (DrawnRows& rows : list) {
        rows.starts.shrink_to_fit();
        rows.cells.shrink_to_fit();
        rows.weights.shrink_to_fit();
    }
}

}  // namespace heddle
