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

/// Spikes of a neuron in a second, for an estimate of how many are in flight.
constexpr double usual_rate = 20.0;

double bytes_of(const BlockPlan& plan, double sources) {
    if (plan.lanes.empty()) return 0.0;
    const auto lanes = static_cast<double>(plan.lanes.size());
    return plan.expected * (plan.weighted ? 6.0 : 2.0) + 4.0 * (sources * lanes + 1.0) +
           lanes * static_cast<double>(sizeof(Lane));
}

double bytes_of(const SourcePlan& plan) {
    double bytes = 0.0;
    for (const BlockPlan& block : plan.blocks) bytes += bytes_of(block, plan.sources);
    return bytes;
}

/// What the rows of a projection share: numbers of synapses, factors, the order of given edges.
double shared_bytes(const Circuit& circuit, const Projection& projection) {
    const auto size = [&](const std::string& name) {
        return static_cast<double>(circuit.populations[population_index(circuit, name)].size);
    };
    if (const auto* edges = std::get_if<Edges>(&projection.rule))
        return 8.0 * static_cast<double>(edges->source.size());
    if (std::holds_alternative<FixedTotal>(projection.rule)) return 4.0 * size(projection.source);
    if (std::holds_alternative<CorrelatedDegrees>(projection.rule))
        return 8.0 * size(projection.source) + 12.0 * size(projection.target);
    return 0.0;
}

double shared_bytes(const Circuit& circuit) {
    double bytes = 0.0;
    for (const Projection& projection : circuit.projections)
        bytes += shared_bytes(circuit, projection);
    return bytes;
}

/// The largest delay from a source population, ms.
double most_delay(const SourcePlan& plan, double step) {
    std::uint32_t most = 0;
    for (const BlockPlan& block : plan.blocks)
        if (!block.lanes.empty()) most = std::max(most, block.lanes.back().delay);
    return most * step;
}

/// Which projection cannot be drawn source by source; null if all can.
const Projection* drawn_by_target(const Circuit& circuit) {
    for (const Projection& projection : circuit.projections)
        if (std::holds_alternative<FixedIndegree>(projection.rule)) return &projection;
    return nullptr;
}

std::int64_t whole_bytes(double bytes) {
    return static_cast<std::int64_t>(std::min(bytes, 9.0e18));
}

/// What would help a circuit that does not fit.
std::string remedy(const Circuit& circuit, ConnectOptions options) {
    const std::string less =
        "take fewer synapses, or constant weights, which need 2 bytes a synapse instead of 6";
    if (options.regenerate) return less + ", or shorter delays";
    options.regenerate = true;
    if (drawn_by_target(circuit) != nullptr || memory_needed(circuit, options) > options.memory)
        return less;
    return less + "; or regenerate them at every spike, which needs about " +
           gibibytes(memory_needed(circuit, options));
}

}  // namespace

std::string gibibytes(std::int64_t bytes) {
    std::ostringstream out;
    out << std::setprecision(3) << static_cast<double>(bytes) / 0x1p30 << " GiB";
    return out.str();
}

std::int64_t memory_needed(const Circuit& circuit, const ConnectOptions& options) {
    const std::size_t threads = thread_count(options.threads);
    const std::vector<Block> blocks = make_blocks(circuit, threads);
    const std::vector<ProjectionRows> rows = projection_rows(circuit, options.step, options.seed);
    double bytes = 0.0, waiting = 0.0, delay = 0.0;
    for (std::size_t p = 0; p < circuit.populations.size(); ++p) {
        const SourcePlan plan = plan_source(circuit, blocks, rows, p);
        bytes += bytes_of(plan);
        waiting = std::max(waiting, 8.0 * std::min(plan.expected, wave_synapses(threads)));
        delay = std::max(delay, most_delay(plan, options.step));
    }
    // Rows of all spikes are held for the largest delay.
    if (options.regenerate) bytes *= usual_rate * 1e-3 * delay;
    return whole_bytes(bytes + shared_bytes(circuit) + (options.regenerate ? 0.0 : waiting));
}

void check_regenerable(const Circuit& circuit) {
    const Projection* const found = drawn_by_target(circuit);
    if (found == nullptr) return;
    throw DomainError("regenerate: the projection '" + found->source + "' → '" + found->target +
                      "' has a fixed in-degree, whose rows are drawn by target; store its "
                      "synapses, or fix the out-degree, the total or a probability");
}

void check_connectable(const Circuit& circuit, const ConnectOptions& options) {
    validate(circuit, options.step);
    if (options.regenerate) check_regenerable(circuit);
    if (options.memory <= 0) return;
    const std::int64_t needed = memory_needed(circuit, options);
    if (needed <= options.memory) return;
    throw DomainError("memory: the circuit's synapses need about " + gibibytes(needed) +
                      (options.regenerate ? " in flight" : "") + ", more than the " +
                      gibibytes(options.memory) + " that may be used; " + remedy(circuit, options));
}

std::int64_t bytes_of(const Rows& rows) {
    const std::size_t bytes =
        rows.lanes.size() * sizeof(Lane) + rows.starts.size() * sizeof(std::uint32_t) +
        rows.cells.size() * sizeof(std::uint16_t) + rows.weights.size() * sizeof(float);
    return static_cast<std::int64_t>(bytes);
}

}  // namespace heddle
