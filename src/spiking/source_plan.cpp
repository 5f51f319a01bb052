#include "spiking/source_plan.hpp"

#include <algorithm>
#include <tuple>

#include "circuit/expected_synapses.hpp"
#include "heddle/core/error.hpp"
#include "spiking/block_layout.hpp"

namespace heddle {
namespace {

/// The order of lanes. Each keeps its own place even where all synapses store their weights, so
/// that the order of the synapses onto a neuron does not depend on what else is in its block.
bool comes_before(const Lane& a, const Lane& b) {
    return std::tie(a.delay, a.weighted, a.weight) < std::tie(b.delay, b.weighted, b.weight);
}

bool is_same(const Lane& a, const Lane& b) {
    return !comes_before(a, b) && !comes_before(b, a);
}

Lane lane_of(const ProjectionRows& rows, std::uint32_t delay) {
    const std::optional<float> weight = rows.common_weight();
    return {delay, weight.value_or(0.0F), !weight};
}

Landing landing(const Circuit& circuit, const Block& block, const ProjectionRows& rows,
                const Synapse& synapse) {
    const std::vector<Synapse> ports = ports_of(circuit, rows.target());
    const auto port = std::find(ports.begin(), ports.end(), synapse) - ports.begin();
    for (const Slice& slice : block.slices)
        if (slice.population == rows.target())
            return {.first = static_cast<std::uint32_t>(slice.first),
                    .count = static_cast<std::uint32_t>(slice.count),
                    .cell = slice.cell + static_cast<std::uint32_t>(port * slice.count),
                    .lanes = {},
                    .weight = rows.common_weight().value_or(0.0F)};
    return {};
}

void set_lanes(const std::vector<const ProjectionRows*>& projections, BlockPlan& plan) {
    for (std::size_t k = 0; k < projections.size(); ++k)
        for (const std::uint32_t delay : projections[k]->delays())
            if (plan.landings[k].count > 0) plan.lanes.push_back(lane_of(*projections[k], delay));
    std::sort(plan.lanes.begin(), plan.lanes.end(), comes_before);
    plan.lanes.erase(std::unique(plan.lanes.begin(), plan.lanes.end(), is_same), plan.lanes.end());
    if (plan.lanes.size() > 65535)
        throw DomainError("delay: found " + std::to_string(plan.lanes.size()) +
                          " different pairs of delay and weight from one population, expected at "
                          "most 65535; bound the delays");
    for (std::size_t k = 0; k < projections.size(); ++k)
        for (const std::uint32_t delay : projections[k]->delays()) {
            const auto place = std::lower_bound(plan.lanes.begin(), plan.lanes.end(),
                                                lane_of(*projections[k], delay), comes_before);
            plan.landings[k].lanes.push_back(
                static_cast<std::uint16_t>(place - plan.lanes.begin()));
        }
    for (const Lane& lane : plan.lanes) plan.weighted = plan.weighted || lane.weighted;
    for (Lane& lane : plan.lanes) lane.weighted = plan.weighted;
}

}  // namespace

bool SourcePlan::by_source() const {
    return std::none_of(projections.begin(), projections.end(),
                        [](const ProjectionRows* rows) { return rows->by_target(); });
}

std::vector<ProjectionRows> projection_rows(const Circuit& circuit, double step,
                                            std::uint64_t seed) {
    std::vector<ProjectionRows> out;
    out.reserve(circuit.projections.size());
    for (std::size_t k = 0; k < circuit.projections.size(); ++k)
        out.emplace_back(circuit, k, step, seed);
    return out;
}

SourcePlan plan_source(const Circuit& circuit, const std::vector<Block>& blocks,
                       const std::vector<ProjectionRows>& projections, std::size_t population) {
    SourcePlan plan;
    plan.sources = static_cast<std::uint32_t>(circuit.populations[population].size);
    plan.blocks.resize(blocks.size());
    for (std::size_t k = 0; k < projections.size(); ++k) {
        if (projections[k].source() != population) continue;
        plan.projections.push_back(&projections[k]);
        const auto targets = static_cast<double>(circuit.populations[projections[k].target()].size);
        const double expected = expected_synapses(circuit, k);
        plan.expected += expected;
        for (std::size_t b = 0; b < blocks.size(); ++b) {
            BlockPlan& block = plan.blocks[b];
            block.landings.push_back(
                landing(circuit, blocks[b], projections[k], circuit.projections[k].synapse));
            block.expected += expected * block.landings.back().count / targets;
        }
    }
    for (BlockPlan& block : plan.blocks) set_lanes(plan.projections, block);
    return plan;
}

}  // namespace heddle
