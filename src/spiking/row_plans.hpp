#pragma once

#include <vector>

#include "spiking/source_plan.hpp"

namespace heddle {

/// All that is needed to draw any row of a connectome again. Refers to the circuit, which must
/// outlive it.
struct RowPlans {
    std::vector<ProjectionRows> projections;
    std::vector<SourcePlan> sources;  ///< One for each source population.
};

/// \throws DomainError for projections whose rows are drawn by target, and for a connectome of
///         another circuit.
[[nodiscard]] RowPlans row_plans(const Circuit& circuit, const Connectome& connectome);

}  // namespace heddle
