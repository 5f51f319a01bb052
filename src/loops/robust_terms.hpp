#pragma once

#include "heddle/loops/robust_loop.hpp"
#include "spectrum/pair_coordinates.hpp"

namespace heddle {

/// What every quantity of a loop is made of, at one u.
struct RobustState {
    ComplexVector a;  ///< L u, half form.
    ComplexVector c;  ///< Readout of each mode, wᵀ r′_i, half form.
    ComplexVector q;  ///< α / c of the targets, half form.
    Matrix modes;     ///< r′_i of the targets, real form, shape (n, m).
};

[[nodiscard]] RobustState robust_state(const RobustProblem& problem, const VectorView& u);

[[nodiscard]] inline PairLayout poles_of(const RobustProblem& problem) {
    const Index real = problem.real_eigenvalues;
    return {real, (problem.eigenvalues.size() - real) / 2};
}

[[nodiscard]] inline PairLayout roots_of(const RobustProblem& problem) {
    const Index real = problem.real_spectrum;
    return {real, (problem.spectrum.size() - real) / 2};
}

[[nodiscard]] inline PairLayout targets_of(const RobustProblem& problem) {
    const Index real = problem.real_targets;
    return {real, problem.placed.size() - real};
}

}  // namespace heddle
