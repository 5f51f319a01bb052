#include "spiking/connect_memory.hpp"

#include <algorithm>
#include <iomanip>
#include <sstream>

#include "heddle/core/error.hpp"
#include "spiking/block_layout.hpp"
#include "spiking/fill_rows.hpp"
#include "spiking/source_plan.hpp"

namespace heddle {
namespace {

std::string gibibytes(std::int64_t bytes) {
    std::ostringstream out;
    out << std::setprecision(3) << static_cast<double>(bytes) / 0x1p30 << " GiB";
    return out.str();
}

double bytes_of(const BlockPlan& plan, double sources) {
    if (plan.lanes.empty()) return 0.0;
    const auto lanes = static_cast<double>(plan.lanes.size());
    return plan.expected * (plan.weighted ? 6.0 : 2.0) + 4.0 * (sources * lanes + 1.0) +
           lanes * static_cast<double>(sizeof(Lane));
}

/// What is there besides while synapses are drawn: some that wait for their place, numbers and
/// factors that rows share, and the order of given edges.
double scratch(const Circuit& circuit, const SourcePlan& plan, std::size_t threads) {
    double bytes = 8.0 * std::min(plan.expected, wave_synapses(threads));
    for (const Projection& projection : circuit.projections) {
        if (const auto* edges = std::get_if<Edges>(&projection.rule))
            bytes += 8.0 * static_cast<double>(edges->source.size());
    }
    return bytes;
}

}  // namespace

std::int64_t memory_needed(const Circuit& circuit, const ConnectOptions& options) {
    const std::size_t threads = thread_count(options.threads);
    const std::vector<Block> blocks = make_blocks(circuit, threads);
    const std::vector<ProjectionRows> rows = projection_rows(circuit, options.step, options.seed);
    double bytes = 0.0, most_scratch = 0.0;
    for (std::size_t p = 0; p < circuit.populations.size() && !options.regenerate; ++p) {
        const SourcePlan plan = plan_source(circuit, blocks, rows, p);
        for (const BlockPlan& block : plan.blocks) bytes += bytes_of(block, plan.sources);
        most_scratch = std::max(most_scratch, scratch(circuit, plan, threads));
    }
    return static_cast<std::int64_t>(std::min(bytes + most_scratch, 9.0e18));
}

void check_regenerable(const Circuit& circuit) {
    for (const Projection& projection : circuit.projections)
        if (std::holds_alternative<FixedIndegree>(projection.rule))
            throw DomainError("regenerate: the projection '" + projection.source + "' → '" +
                              projection.target +
                              "' has a fixed in-degree, whose rows are drawn by target; store its "
                              "synapses, or fix the out-degree or the total");
}

void check_connectable(const Circuit& circuit, const ConnectOptions& options) {
    validate(circuit, options.step);
    if (options.regenerate) check_regenerable(circuit);
    if (options.memory <= 0) return;
    const std::int64_t needed = memory_needed(circuit, options);
    if (needed <= options.memory) return;
    throw DomainError("memory: the circuit's synapses need about " + gibibytes(needed) +
                      ", more than the " + gibibytes(options.memory) +
                      " that may be used; take fewer synapses, or constant weights, which need 2 "
                      "bytes a synapse instead of 6");
}

std::int64_t bytes_of(const Rows& rows) {
    const std::size_t bytes =
        rows.lanes.size() * sizeof(Lane) + rows.starts.size() * sizeof(std::uint32_t) +
        rows.cells.size() * sizeof(std::uint16_t) + rows.weights.size() * sizeof(float);
    return static_cast<std::int64_t>(bytes);
}

}  // namespace heddle
