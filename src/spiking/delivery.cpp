#include "spiking/delivery.hpp"

#include <algorithm>

namespace heddle {
namespace {

void add(const std::uint16_t* __restrict cell, std::uint32_t count, float weight,
         float* __restrict cells) {
    for (std::uint32_t k = 0; k < count; ++k) cells[cell[k]] += weight;
}

void add(const std::uint16_t* __restrict cell, const float* __restrict weight, std::uint32_t count,
         float* __restrict cells) {
    for (std::uint32_t k = 0; k < count; ++k) cells[cell[k]] += weight[k];
}

/// Asks for the first lines of a run that is some runs ahead; the processor finds the rest itself.
void prefetch([[maybe_unused]] const void* from, [[maybe_unused]] std::size_t bytes) {
#if defined(__GNUC__)
    constexpr std::size_t line = 64;
    constexpr std::size_t most = 4 * line;
    for (std::size_t b = 0; b < std::min(bytes, most); b += line)
        __builtin_prefetch(static_cast<const char*>(from) + b, 0, 1);
#endif
}

}  // namespace

template <class AnyRows>
void Delivery::add_run(const AnyRows& rows, std::size_t k, const Lane& lane) {
    const std::uint32_t first = rows.starts[k], count = rows.starts[k + 1] - first;
    if (count > 0)
        runs_.push_back({rows.cells.data() + first,
                         lane.weighted ? rows.weights.data() + first : nullptr, count,
                         lane.weight});
}

void Delivery::find_runs(std::uint64_t step, SpikeHistory& history) {
    runs_.clear();
    for (std::size_t population = 0; population < block_.from.size(); ++population) {
        const std::vector<Lane>& lanes = block_.from[population].lanes;
        for (std::size_t l = 0; l < lanes.size(); ++l)
            if (lanes[l].delay <= step) find_runs(step - lanes[l].delay, population, l, history);
    }
}

void Delivery::find_runs(std::uint64_t step, std::size_t population, std::size_t l,
                         SpikeHistory& history) {
    const Rows& rows = block_.from[population];
    const Lane& lane = rows.lanes[l];
    const std::size_t lanes = rows.lanes.size();
    for (std::size_t b = 0; b < history.blocks(); ++b) {
        const std::vector<Emitted>& spikes = history.at(step, population, b);
        if (spikes.empty()) continue;
        if (in_flight_ == nullptr) {
            for (const Emitted& spike : spikes) add_run(rows, spike.neuron * lanes + l, lane);
        } else {
            const DrawnRows& drawn = in_flight_->at(step, population, b, number_);
            for (std::size_t i = 0; i < spikes.size(); ++i) add_run(drawn, i * lanes + l, lane);
        }
    }
}

std::int64_t Delivery::deliver(std::uint64_t step, SpikeHistory& history) {
    find_runs(step, history);
    std::int64_t events = 0;
    constexpr std::size_t ahead = 6;
    for (std::size_t r = 0; r < runs_.size(); ++r) {
        if (r + ahead < runs_.size()) {
            const Run& next = runs_[r + ahead];
            prefetch(next.cell, next.count * sizeof(*next.cell));
            if (next.weight != nullptr) prefetch(next.weight, next.count * sizeof(*next.weight));
        }
        const Run& run = runs_[r];
        if (run.weight != nullptr)
            add(run.cell, run.weight, run.count, cells_.data());
        else
            add(run.cell, run.count, run.common, cells_.data());
        events += run.count;
    }
    return events;
}

}  // namespace heddle
