#include <algorithm>
#include <numeric>

#include "spiking/fill_rows.hpp"

namespace heddle {
namespace {

/// Sources of a projection by source that are drawn in one go.
constexpr std::uint32_t chunk = 64;

/// Calls `visit(block, source, landing, cell, k)` for every synapse of one row, k its position in
/// the draw.
template <class Visit>
void visit_row(const SourcePlan& plan, std::size_t projection, std::uint32_t row, std::size_t block,
               const RowDraw& draw, const Visit& visit) {
    const Landing& landing = plan.blocks[block].landings[projection];
    const bool by_target = plan.projections[projection]->by_target();
    for (std::size_t k = 0; k < draw.ends.size(); ++k) {
        const std::uint32_t target = by_target ? row : draw.ends[k];
        const std::uint32_t place = target - landing.first;
        if (place >= landing.count) continue;
        visit(by_target ? draw.ends[k] : row, landing, landing.cell + place, k);
    }
}

/// Draws a projection and visits its synapses: rows by target block by block, rows by source some
/// sources at a time, so that no two threads visit one source and block at once.
template <class Visit>
void visit_projection(const SourcePlan& plan, std::size_t projection, std::size_t threads,
                      bool with_weights, const Visit& visit) {
    const ProjectionRows& rows = *plan.projections[projection];
    const auto draw_rows = [&](std::uint32_t first, std::uint32_t last, std::size_t from,
                               std::size_t to) {
        RowDraw draw;
        for (std::uint32_t row = first; row < last; ++row) {
            rows.draw(row, with_weights, draw);
            for (std::size_t b = from; b < to; ++b)
                visit_row(plan, projection, row, b, draw,
                          [&](std::uint32_t source, const Landing& landing, std::uint32_t cell,
                              std::size_t k) { visit(b, source, landing, cell, draw, k); });
        }
    };
    const std::size_t blocks = plan.blocks.size();
    if (rows.by_target())
        return parallel_for(blocks, threads, [&](std::size_t b) {
            const Landing& landing = plan.blocks[b].landings[projection];
            draw_rows(landing.first, landing.first + landing.count, b, b + 1);
        });
    parallel_for((plan.sources + chunk - 1) / chunk, threads, [&](std::size_t i) {
        const std::uint32_t first = static_cast<std::uint32_t>(i) * chunk;
        draw_rows(first, std::min(first + chunk, plan.sources), 0, blocks);
    });
}

void count(const SourcePlan& plan, const RowsOfBlocks& rows, std::size_t projection,
           std::size_t threads) {
    visit_projection(plan, projection, threads, false,
                     [&](std::size_t b, std::uint32_t source, const Landing& landing, std::uint32_t,
                         const RowDraw& draw, std::size_t k) {
                         const std::size_t lanes = plan.blocks[b].lanes.size();
                         ++rows[b]->starts[source * lanes + landing.lanes[draw.delays[k]] + 1];
                     });
}

/// Every start moves on as its synapses are placed, and ends where the next one begins.
void place(const SourcePlan& plan, const RowsOfBlocks& rows, std::size_t projection,
           std::size_t threads) {
    visit_projection(plan, projection, threads, true,
                     [&](std::size_t b, std::uint32_t source, const Landing& landing,
                         std::uint32_t cell, const RowDraw& draw, std::size_t k) {
                         const std::size_t lanes = plan.blocks[b].lanes.size();
                         const std::uint32_t at =
                             rows[b]->starts[source * lanes + landing.lanes[draw.delays[k]]]++;
                         rows[b]->cells[at] = static_cast<std::uint16_t>(cell);
                         if (plan.blocks[b].weighted)
                             rows[b]->weights[at] =
                                 draw.weights.empty() ? landing.weight : draw.weights[k];
                     });
}

/// Sorts the synapses of one source and lane by cell; those onto one cell keep their order.
void sort_lane(Rows& rows, std::size_t first, std::size_t last, std::vector<std::uint64_t>& keys) {
    if (std::is_sorted(rows.cells.data() + first, rows.cells.data() + last)) return;
    keys.clear();
    for (std::size_t i = first; i < last; ++i)
        keys.push_back(std::uint64_t{rows.cells[i]} << 48 | (i - first));
    std::sort(keys.begin(), keys.end());
    std::vector<float> weights;
    if (!rows.weights.empty())
        weights.assign(rows.weights.data() + first, rows.weights.data() + last);
    for (std::size_t i = first; i < last; ++i) {
        const std::uint64_t key = keys[i - first];
        rows.cells[i] = static_cast<std::uint16_t>(key >> 48);
        if (!weights.empty()) rows.weights[i] = weights[key & 0xffff'ffff'ffffu];
    }
}

void finish(Rows& rows) {
    if (rows.starts.empty()) return;
    std::copy_backward(rows.starts.begin(), rows.starts.end() - 1, rows.starts.end());
    rows.starts.front() = 0;
    std::vector<std::uint64_t> keys;
    for (std::size_t k = 0; k + 1 < rows.starts.size(); ++k)
        sort_lane(rows, rows.starts[k], rows.starts[k + 1], keys);
}

/// Turns counts into starts, and makes room for as many synapses.
void make_room(const BlockPlan& plan, Rows& rows) {
    if (rows.starts.empty()) return;
    std::partial_sum(rows.starts.begin(), rows.starts.end(), rows.starts.begin());
    const std::size_t count = rows.starts.back();
    rows.cells.resize(count);
    if (plan.weighted) rows.weights.resize(count);
}

}  // namespace

void fill_by_target(const SourcePlan& plan, const RowsOfBlocks& rows, std::size_t threads,
                    const Progress& progress) {
    const std::size_t projections = plan.projections.size(), blocks = plan.blocks.size();
    for (std::size_t b = 0; b < blocks; ++b)
        if (!plan.blocks[b].lanes.empty())
            rows[b]->starts.assign(plan.sources * plan.blocks[b].lanes.size() + 1, 0);
    for (std::size_t k = 0; k < projections; ++k) {
        count(plan, rows, k, threads);
        if (progress) progress(k + 1, 2 * projections);
    }
    parallel_for(blocks, threads, [&](std::size_t b) { make_room(plan.blocks[b], *rows[b]); });
    for (std::size_t k = 0; k < projections; ++k) {
        place(plan, rows, k, threads);
        if (progress) progress(projections + k + 1, 2 * projections);
    }
    parallel_for(blocks, threads, [&](std::size_t b) { finish(*rows[b]); });
}

}  // namespace heddle
