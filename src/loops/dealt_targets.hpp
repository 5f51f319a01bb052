#pragma once

#include <cstdint>

#include "heddle/spectrum/weights_resolvent.hpp"

/// Targets of which one of each pair is dealt to loops in turn: what a placement and a frontier
/// share.
namespace heddle {

/// \throws ShapeError, DomainError unless there are 1 … n finite targets, closed under
/// conjugation, none more than `most_equal` times.
void check_targets(const ComplexVectorView& targets, Index n, Index most_equal = 1);

/// The real targets and those of the upper half plane, neighbours side by side, so that they go to
/// different loops when they are dealt in turn.
[[nodiscard]] ComplexVector upper_half(const ComplexVectorView& targets);

/// Loop outputs U ~ N(0, 1/n), shape (n, k): the first of more loops are those of fewer.
[[nodiscard]] Matrix drawn_outputs(Index n, Index k, std::uint64_t seed);

/// `loop_responses`, whose complaint about a shift that W already has names the targets.
[[nodiscard]] ComplexMatrix responses_at(const Resolvent& resolvent, const ComplexVector& upper,
                                         const MatrixView& u);
[[nodiscard]] ComplexMatrix responses_at(const WeightsResolvent& resolvent,
                                         const ComplexVector& upper, const MatrixView& u);

/// Targets are dealt to k loops in turn: g_i is the unit vector of loop i mod k, shape (k, m).
[[nodiscard]] ComplexMatrix unit_directions(const ComplexVectorView& upper, Index k);

/// The modes when target i is held by loop i mod k alone: g_i is a unit vector.
[[nodiscard]] LoopModes dealt_modes(const Resolvent& resolvent, const ComplexVector& upper,
                                    ComplexMatrix responses, Index k);
[[nodiscard]] LoopModes dealt_modes(const WeightsResolvent& resolvent, const ComplexVector& upper,
                                    ComplexMatrix responses, Index k);

/// The least-norm V for them, and its condition.
struct DealtInputs {
    Matrix v;  ///< Shape (n, k).
    double condition;
};
[[nodiscard]] DealtInputs least_inputs(const LoopModes& placed);

/// Columns Re and Im of every complex column, Im left out where the eigenvalue is real: what has to
/// hold for both members of a pair, in real numbers.
[[nodiscard]] Matrix real_form(const ComplexMatrixView& a, const ComplexVectorView& upper);

/// Gives every requested target the evidence of its upper-half-plane member.
[[nodiscard]] Vector spread_to_all(const ComplexVectorView& targets, const ComplexVectorView& upper,
                                   const Vector& values);

}  // namespace heddle
