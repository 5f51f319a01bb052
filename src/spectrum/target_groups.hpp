#pragma once

#include <vector>

#include "heddle/spectrum/gain_law.hpp"

namespace heddle {

/// One target of a group, in units of the bulk: (λ − centre) / radius.
struct GroupTarget {
    Complex value;  ///< Im ≥ 0; a positive one stands for the pair.
    Index index;    ///< Its place among the requested targets.
};

/// The targets of one loop.
using TargetGroup = std::vector<GroupTarget>;

/// Deals the targets to `loops` groups in turn, in order of |Im| and then Re, pairs together: as
/// `place_eigenvalues` deals them, so that neighbours never share a loop.
/// \throws DomainError if the targets are not finite and closed under conjugation, loops < 1, or
/// the
///         radius is not positive.
[[nodiscard]] std::vector<TargetGroup> deal_targets(const ComplexVectorView& targets, Index loops,
                                                    const Bulk& bulk);

/// Both members of every pair.
[[nodiscard]] ComplexVector members(const TargetGroup& group);

/// The place of a target's conjugate among `targets`; its own if it is real, −1 if there is none.
[[nodiscard]] Index partner(const ComplexVectorView& targets, Index i);

}  // namespace heddle
