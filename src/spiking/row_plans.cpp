#include "spiking/row_plans.hpp"

#include "heddle/core/error.hpp"
#include "spiking/block_layout.hpp"
#include "spiking/connect_memory.hpp"

namespace heddle {
namespace {

bool are_lanes_of(const SourcePlan& plan, std::size_t population, const Connectome& connectome) {
    for (std::size_t b = 0; b < connectome.blocks.size(); ++b)
        if (plan.blocks[b].lanes != connectome.blocks[b].from[population].lanes) return false;
    return true;
}

}  // namespace

RowPlans row_plans(const Circuit& circuit, const Connectome& connectome) {
    check_regenerable(circuit);
    check_layout(circuit, connectome.blocks);
    RowPlans plans{projection_rows(circuit, connectome.step, connectome.seed), {}};
    for (ProjectionRows& rows : plans.projections) rows.prepare();
    for (std::size_t p = 0; p < circuit.populations.size(); ++p) {
        plans.sources.push_back(plan_source(circuit, connectome.blocks, plans.projections, p));
        if (!are_lanes_of(plans.sources[p], p, connectome))
            throw DomainError("connectome: its delays or weights from population '" +
                              circuit.populations[p].name +
                              "' are not the circuit's; connect the circuit again");
    }
    return plans;
}

}  // namespace heddle
