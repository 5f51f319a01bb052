#pragma once

#include "heddle/linalg/types.hpp"

namespace heddle {

/// The disc that the bulk of a network's eigenvalues fills.
struct Bulk {
    double centre;  ///< tr W / n.
    double radius;  ///< g = ‖W − centre‖_F / √n, exact for iid weights as n → ∞.
};
[[nodiscard]] Bulk bulk_of(const MatrixView& weights);

/// The least gain ‖U Vᵀ‖_F with which k loops place `targets` outside the disc, n → ∞, iid weights:
///
///     g √( Σ_groups ( Π_{i in group} |λ_i / g|² − 1 ) )
///
/// The targets (both members of every pair) are dealt to the k groups in turn, pairs together.
/// \see Tao (2013), PTRF 155; the law itself is derived in docs/explanation/loops.md.
[[nodiscard]] double loop_gain(const ComplexVectorView& targets, Index loops, const Bulk& bulk);

/// The smallest k ≤ most for which the law expects every target to stay within `tolerance` under relative
/// weight noise `eta` (rounding: eta = 2.2e-16); 0 if none does.
[[nodiscard]] Index loops_needed(const ComplexVectorView& targets, const Bulk& bulk, Index n, double tolerance,
                                 double eta, Index most);

}  // namespace heddle
