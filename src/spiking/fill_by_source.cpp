#include <algorithm>
#include <cmath>

#include "heddle/core/error.hpp"
#include "spiking/fill_rows.hpp"
#include "spiking/row_entries.hpp"

namespace heddle {
namespace {

/// About so many synapses are drawn in one go.
constexpr double chunk_synapses = 100'000.0;
constexpr std::uint32_t chunks_per_thread = 4;

/// The rows of some sources in one block.
struct Chunk {
    std::vector<std::uint32_t> counts;  ///< Of each source and lane.
    std::vector<std::uint16_t> cells;
    std::vector<float> weights;
};

void append(const std::vector<Entry>& entries, const BlockPlan& plan, Chunk& chunk) {
    const std::size_t counted = chunk.counts.size(), before = chunk.cells.size();
    chunk.counts.resize(counted + plan.lanes.size());
    chunk.cells.resize(before + entries.size());
    std::uint32_t* counts = chunk.counts.data() + counted;
    std::uint16_t* cells = chunk.cells.data() + before;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        ++counts[lane_of(entries[i])];
        cells[i] = cell_of(entries[i]);
    }
    if (!plan.weighted) return;
    chunk.weights.resize(before + entries.size());
    for (std::size_t i = 0; i < entries.size(); ++i)
        chunk.weights[before + i] = weight_of(entries[i]);
}

void append(const Chunk& chunk, Rows& rows) {
    if (rows.starts.empty()) return;
    if (rows.cells.size() + chunk.cells.size() > 4'294'967'295u)
        throw DomainError(
            "projections: found more than 4294967295 synapses from one population "
            "into one block; ask for more threads");
    for (const std::uint32_t count : chunk.counts)
        rows.starts.push_back(rows.starts.back() + count);
    rows.cells.insert(rows.cells.end(), chunk.cells.begin(), chunk.cells.end());
    rows.weights.insert(rows.weights.end(), chunk.weights.begin(), chunk.weights.end());
}

/// Draws the rows `first` … `last − 1` into one chunk for each block.
void draw(const SourcePlan& plan, std::uint32_t first, std::uint32_t last,
          std::vector<Chunk>& chunks) {
    RowEntries entries(plan);
    for (Chunk& chunk : chunks) chunk = {};
    for (std::uint32_t row = first; row < last; ++row) {
        entries.draw(row);
        for (std::size_t b = 0; b < chunks.size(); ++b)
            if (!plan.blocks[b].lanes.empty()) append(entries.of(b), plan.blocks[b], chunks[b]);
    }
}

/// Room for what is expected and six standard deviations; pages that are not used are not there.
void reserve(const SourcePlan& plan, std::size_t block, Rows& rows) {
    const BlockPlan& into = plan.blocks[block];
    if (into.lanes.empty()) return;
    const auto expected =
        static_cast<std::size_t>(into.expected + 6.0 * std::sqrt(into.expected)) + 64;
    rows.starts.reserve(plan.sources * into.lanes.size() + 1);
    rows.starts.push_back(0);
    rows.cells.reserve(expected);
    if (into.weighted) rows.weights.reserve(expected);
}

}  // namespace

double wave_synapses(std::size_t threads) {
    return chunk_synapses * chunks_per_thread * static_cast<double>(threads);
}

void fill_by_source(const SourcePlan& plan, const RowsOfBlocks& rows, std::size_t threads,
                    const Progress& progress) {
    for (std::size_t b = 0; b < rows.size(); ++b) reserve(plan, b, *rows[b]);
    const double each = std::max(1.0, plan.expected / plan.sources);
    const auto size = static_cast<std::uint32_t>(std::clamp(chunk_synapses / each, 1.0, 1e6));
    const std::uint32_t wave = chunks_per_thread * static_cast<std::uint32_t>(threads);
    std::vector<std::vector<Chunk>> chunks(wave, std::vector<Chunk>(rows.size()));
    for (std::uint32_t first = 0; first < plan.sources; first += wave * size) {
        const std::uint32_t left = (plan.sources - first + size - 1) / size;
        parallel_for(std::min(wave, left), threads, [&](std::size_t i) {
            const std::uint32_t from = first + static_cast<std::uint32_t>(i) * size;
            draw(plan, from, std::min(from + size, plan.sources), chunks[i]);
        });
        parallel_for(rows.size(), threads, [&](std::size_t b) {
            for (std::uint32_t i = 0; i < std::min(wave, left); ++i) append(chunks[i][b], *rows[b]);
        });
        if (progress)
            progress(std::min<std::size_t>(first + wave * size, plan.sources), plan.sources);
    }
}

}  // namespace heddle
