#include "heddle/spiking/row_generator.hpp"

#include "spiking/connect_memory.hpp"
#include "spiking/row_entries.hpp"

namespace heddle {

struct RowGenerator::Parts {
    Parts(const Circuit& given, const Connectome& connectome, std::uint64_t seed)
        : circuit(given), projections(projection_rows(circuit, connectome.step, seed)) {
        for (ProjectionRows& rows : projections) rows.prepare();
        for (std::size_t p = 0; p < circuit.populations.size(); ++p)
            plans.push_back(plan_source(circuit, connectome.blocks, projections, p));
    }

    const Circuit circuit;
    std::vector<ProjectionRows> projections;
    std::vector<SourcePlan> plans;  ///< One for each source population.
};

RowGenerator::RowGenerator(const Circuit& circuit, const Connectome& connectome,
                           std::uint64_t seed) {
    check_regenerable(circuit);
    parts_ = std::make_unique<const Parts>(circuit, connectome, seed);
}

RowGenerator::RowGenerator(RowGenerator&&) noexcept = default;
RowGenerator& RowGenerator::operator=(RowGenerator&&) noexcept = default;
RowGenerator::~RowGenerator() = default;

void RowGenerator::row(std::size_t block, std::size_t population, std::uint32_t source,
                       Row& out) const {
    const SourcePlan& plan = parts_->plans[population];
    RowEntries drawn(plan);
    drawn.draw(source, block);
    const std::vector<Entry>& entries = drawn.of(block);
    out.starts.assign(plan.blocks[block].lanes.size() + 1, 0);
    out.cells.resize(entries.size());
    out.weights.resize(plan.blocks[block].weighted ? entries.size() : 0);
    for (std::size_t i = 0; i < entries.size(); ++i) {
        ++out.starts[lane_of(entries[i]) + 1];
        out.cells[i] = cell_of(entries[i]);
    }
    for (std::size_t i = 0; i < out.weights.size(); ++i) out.weights[i] = weight_of(entries[i]);
    for (std::size_t l = 1; l < out.starts.size(); ++l) out.starts[l] += out.starts[l - 1];
}

}  // namespace heddle
