#include "spiking/row_entries.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>

namespace heddle {
namespace {

constexpr std::size_t few = 48;

Entry entry(std::uint16_t lane, std::uint32_t cell, float weight) {
    return std::uint64_t{lane} << 48 | std::uint64_t{cell} << 32 |
           std::bit_cast<std::uint32_t>(weight);
}

void insertion_sort(std::vector<Entry>& entries) {
    for (std::size_t i = 1; i < entries.size(); ++i) {
        const Entry moved = entries[i];
        std::size_t place = i;
        for (; place > 0 && entries[place - 1] >> 32 > moved >> 32; --place)
            entries[place] = entries[place - 1];
        entries[place] = moved;
    }
}

/// One stable pass of a radix sort, by the eight bits from `shift` on. Nothing if they all agree.
void pass(std::vector<Entry>& entries, std::vector<Entry>& spare, unsigned shift) {
    std::array<std::uint32_t, 257> starts{};
    for (const Entry e : entries) ++starts[(e >> shift & 255) + 1];
    if (starts[(entries[0] >> shift & 255) + 1] == entries.size()) return;
    for (std::size_t i = 1; i < 257; ++i) starts[i] += starts[i - 1];
    spare.resize(entries.size());
    for (const Entry e : entries) spare[starts[e >> shift & 255]++] = e;
    entries.swap(spare);
}

}  // namespace

void RowEntries::draw(std::uint32_t row) {
    for (std::vector<Entry>& entries : entries_) entries.clear();
    for (std::size_t k = 0; k < plan_.projections.size(); ++k) {
        plan_.projections[k]->draw(row, true, draw_);
        for (std::size_t b = 0; b < entries_.size(); ++b) add(k, b);
    }
    for (std::size_t b = 0; b < entries_.size(); ++b) sort(b);
}

void RowEntries::draw(std::uint32_t row, std::size_t block) {
    entries_[block].clear();
    for (std::size_t k = 0; k < plan_.projections.size(); ++k) {
        if (plan_.blocks[block].landings[k].count == 0) continue;
        plan_.projections[k]->draw(row, true, draw_);
        add(k, block);
    }
    sort(block);
}

void RowEntries::append_to(DrawnRows& rows, std::size_t block) const {
    const std::vector<Entry>& entries = entries_[block];
    if (rows.starts.empty()) rows.starts.push_back(0);
    const std::size_t lane = rows.starts.size(), before = rows.cells.size();
    rows.starts.resize(lane + plan_.blocks[block].lanes.size());
    rows.cells.resize(before + entries.size());
    for (std::size_t i = 0; i < entries.size(); ++i) {
        ++rows.starts[lane + lane_of(entries[i])];
        rows.cells[before + i] = cell_of(entries[i]);
    }
    for (std::size_t l = lane; l < rows.starts.size(); ++l) rows.starts[l] += rows.starts[l - 1];
    if (!plan_.blocks[block].weighted) return;
    rows.weights.resize(before + entries.size());
    for (std::size_t i = 0; i < entries.size(); ++i)
        rows.weights[before + i] = weight_of(entries[i]);
}

void RowEntries::add(std::size_t projection, std::size_t block) {
    const Landing& landing = plan_.blocks[block].landings[projection];
    if (landing.count == 0) return;
    std::vector<Entry>& entries = entries_[block];
    const std::size_t before = entries.size(), drawn = draw_.ends.size();
    entries.resize(before + drawn);
    Entry* next = entries.data() + before;
    const bool weighted = !draw_.weights.empty();
    for (std::size_t i = 0; i < drawn; ++i) {
        const std::uint32_t neuron = draw_.ends[i] - landing.first;
        *next = entry(landing.lanes[draw_.delays[i]], landing.cell + neuron,
                      weighted ? draw_.weights[i] : landing.weight);
        next += neuron < landing.count ? 1 : 0;
    }
    entries.resize(static_cast<std::size_t>(next - entries.data()));
}

void RowEntries::sort(std::size_t block) {
    std::vector<Entry>& entries = entries_[block];
    if (entries.size() <= few) return insertion_sort(entries);
    const std::size_t lanes = plan_.blocks[block].lanes.size();
    pass(entries, spare_, 32);
    pass(entries, spare_, 40);
    if (lanes > 1) pass(entries, spare_, 48);
    if (lanes > 256) pass(entries, spare_, 56);
}

}  // namespace heddle
