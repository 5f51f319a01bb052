#include <algorithm>
#include <cmath>
#include <limits>

#include "heddle/core/error.hpp"
#include "heddle/spiking/connectome.hpp"
#include "spiking/block_layout.hpp"
#include "spiking/connect_memory.hpp"
#include "spiking/fill_rows.hpp"

namespace heddle {
namespace {

RowsOfBlocks rows_of(const SourcePlan& plan, std::size_t population, std::vector<Block>& blocks) {
    RowsOfBlocks rows;
    for (std::size_t b = 0; b < blocks.size(); ++b) {
        rows.push_back(&blocks[b].from[population]);
        rows.back()->lanes = plan.blocks[b].lanes;
    }
    return rows;
}

void fill(const SourcePlan& plan, const RowsOfBlocks& rows, std::size_t threads,
          const Progress& progress) {
    if (plan.by_source())
        fill_by_source(plan, rows, threads, progress);
    else
        fill_by_target(plan, rows, threads, progress);
}

/// Progress of one population as part of all, in thousandths of a population.
Progress part_of(const Progress& progress, std::size_t population, std::size_t populations) {
    if (!progress) return {};
    return [=](std::size_t done, std::size_t total) {
        progress(1000 * population + 1000 * done / std::max<std::size_t>(1, total),
                 1000 * populations);
    };
}

void summarise(Connectome& connectome) {
    std::uint32_t least = std::numeric_limits<std::uint32_t>::max();
    for (const Block& block : connectome.blocks)
        for (const Rows& rows : block.from) {
            connectome.synapses += static_cast<std::int64_t>(rows.cells.size());
            connectome.bytes += bytes_of(rows);
            for (const Lane& lane : rows.lanes) {
                least = std::min(least, lane.delay);
                connectome.most_delay = std::max(connectome.most_delay, lane.delay);
            }
        }
    connectome.least_delay = std::min(least, connectome.most_delay);
}

}  // namespace

Connectome connect(const Circuit& circuit, const ConnectOptions& options,
                   const Progress& progress) {
    check_connectable(circuit, options);
    const std::size_t threads = thread_count(options.threads);
    Connectome out{.step = options.step,
                   .seed = options.seed,
                   .blocks = make_blocks(circuit, threads),
                   .synapses = 0,
                   .bytes = 0,
                   .least_delay = 1,
                   .most_delay = 1,
                   .regenerated = options.regenerate};
    std::vector<ProjectionRows> projections = projection_rows(circuit, options.step, options.seed);
    if (!options.regenerate)
        for (ProjectionRows& rows : projections) rows.prepare();
    const std::size_t populations = circuit.populations.size();
    double expected = 0.0;
    for (Block& block : out.blocks) block.from.resize(populations);
    for (std::size_t p = 0; p < populations; ++p) {
        const SourcePlan plan = plan_source(circuit, out.blocks, projections, p);
        const RowsOfBlocks rows = rows_of(plan, p, out.blocks);
        expected += plan.expected;
        if (!options.regenerate) fill(plan, rows, threads, part_of(progress, p, populations));
    }
    summarise(out);
    if (options.regenerate) out.synapses = std::llround(expected);
    return out;
}

}  // namespace heddle
