#include <algorithm>
#include <cmath>
#include <iterator>

#include "heddle/core/error.hpp"
#include "heddle/spectrum/gain_law.hpp"
#include "spectrum/delay_chain.hpp"

namespace heddle {
namespace {

/// Those of a group that lie outside the disc or near its edge, which is √n⁻¹ wide.
TargetGroup outer(const TargetGroup& group, Index n) {
    const double least = std::max(0.1, 1.0 - 2.0 / std::sqrt(static_cast<double>(n)));
    TargetGroup kept;
    std::copy_if(group.begin(), group.end(), std::back_inserter(kept),
                 [&](const GroupTarget& target) { return std::abs(target.value) > least; });
    return kept;
}

}  // namespace

ExpectedPlacement expected_placement(const ComplexVectorView& targets, Index loops,
                                     const Bulk& bulk, Index n) {
    if (n < 1) throw DomainError("n: found " + std::to_string(n) + " units, expected at least 1");
    double power = 0.0;
    Vector condition = Vector::Constant(targets.size(), std::sqrt(static_cast<double>(n)));
    for (const TargetGroup& group : deal_targets(targets, loops, bulk)) {
        const TargetGroup placed = outer(group, n);
        const ChainPlacement chain = place_on_chain(placed, loops, n);
        power += chain.gain * chain.gain;
        for (std::size_t i = 0; i < placed.size(); ++i) {
            const double value = chain.condition(static_cast<Index>(i));
            condition(placed[i].index) = value;
            condition(partner(targets, placed[i].index)) = value;
        }
    }
    return {bulk.radius * std::sqrt(power), condition};
}

}  // namespace heddle
