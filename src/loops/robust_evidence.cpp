#include "loops/robust_evidence.hpp"

#include <cmath>
#include <limits>
#include <sstream>

#include "heddle/linalg/eigenvalues.hpp"
#include "heddle/loops/readout_deviation.hpp"
#include "heddle/spectrum/closed_loop.hpp"
#include "loops/robust_terms.hpp"

namespace heddle {
namespace {

constexpr double agreement = 1e-3;  // Of the two deviations.

std::string number(double value) {
    std::ostringstream out;
    out.precision(2);
    out << value;
    return out.str();
}

/// κ_i = |r′_i| |l′_i| of every target, in its given order.
Vector conditions(const RobustProblem& problem, const RobustState& state) {
    const PairLayout poles = poles_of(problem), roots = roots_of(problem);
    const ComplexMatrix inverse = packed_rows(problem.inverse_modes, roots);
    const ComplexMatrix modes = packed_columns(state.modes, targets_of(problem));
    const ComplexVector b = state.a.cwiseInverse();
    const HalfSet wanted = half_of(problem.targets);
    Vector all(problem.targets.size());
    for (Index i = 0; i < problem.placed.size(); ++i) {
        const Matrix row = unpacked_rows(inverse.row(problem.placed(i)), {0, 1});
        const ComplexMatrix spread = packed_columns(row, poles) * b.asDiagonal();
        const Matrix left = unpacked_columns(spread, poles) * problem.left;
        const double pair = i < problem.real_targets ? 1.0 : 2.0;
        const Index given = wanted.origin[static_cast<std::size_t>(i)];
        Index partner = 0;
        (problem.targets.array() - std::conj(problem.targets(given))).abs().minCoeff(&partner);
        all(given) = all(partner) = modes.col(i).norm() * left.norm() / pair;
    }
    return all;
}

void judge(RobustLoop& loop, Index n, double tolerance) {
    const double rounding = std::numeric_limits<double>::epsilon() * loop.condition.maxCoeff() *
                            loop.gain / static_cast<double>(n);
    const double apart = std::abs(loop.checked_deviation - loop.deviation);
    const bool placed = loop.error.maxCoeff() <= tolerance && rounding <= tolerance;
    const bool agreed = apart <= agreement * loop.deviation;
    loop.trusted = placed && agreed;
    if (!placed)
        loop.reason = "the worst target is missed by " + number(loop.error.maxCoeff()) +
                      " (rounding of the loop alone shifts it by about " + number(rounding) +
                      "), tolerance " + number(tolerance) +
                      "; fewer targets, a larger network or several loops would do";
    else if (!agreed)
        loop.reason = "the deviation from the eigenvectors, " + number(loop.deviation) +
                      ", and that from the weights, " + number(loop.checked_deviation) +
                      ", disagree: the eigenvectors are too nearly dependent";
}

}  // namespace

RobustLoop with_evidence(const Network& network, const RobustProblem& problem, const VectorView& u,
                         const RobustLoopOptions& options) {
    const Matrix weights = dense_weights(network);
    RobustLoop loop{.loops = robust_loop_at(problem, u), .targets = problem.targets};
    loop.initial_state = robust_initial_state(problem, u);
    const RobustCost end = robust_loop_cost(problem, u);
    loop.cost = end.cost;
    loop.slope = end.gradient.norm();
    loop.deviation = options.noise * end.cost;
    loop.checked_deviation =
        readout_deviation(network, loop.loops, loop.initial_state, problem.duration, options.noise)
            .deviation;
    const ComplexVector spectrum = closed_spectrum(weights, loop.loops);
    loop.error = distances(problem.targets, spectrum);
    loop.condition = conditions(problem, robust_state(problem, u));
    loop.gain = norm(loop.loops);
    loop.solve_condition = problem.solve_condition;
    loop.abscissa = spectral_abscissa(spectrum);
    judge(loop, u.size(), options.tolerance);
    return loop;
}

}  // namespace heddle
