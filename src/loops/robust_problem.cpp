#include <algorithm>
#include <cmath>
#include <vector>

#include "heddle/core/error.hpp"
#include "heddle/loops/robust_loop.hpp"
#include "loops/correlations.hpp"
#include "loops/robust_checks.hpp"
#include "loops/robust_strengths.hpp"
#include "spectrum/secular_roots.hpp"

namespace heddle {
namespace {

/// Finds the targets among the roots. \return the largest distance.
double find_targets(const HalfSet& targets, const SecularRoots& roots, Eigen::VectorXi& placed) {
    placed.resize(targets.values.size());
    double miss = 0.0;
    std::vector<bool> used(static_cast<std::size_t>(roots.values.size()), false);
    for (Index i = 0; i < placed.size(); ++i) {
        const bool real = i < targets.layout.real;
        Index best = -1;
        for (Index k = real ? 0 : roots.layout.real;
             k < (real ? roots.layout.real : roots.values.size()); ++k)
            if (!used[static_cast<std::size_t>(k)] &&
                (best < 0 || std::abs(roots.values(k) - targets.values(i)) <
                                 std::abs(roots.values(best) - targets.values(i))))
                best = k;
        if (best < 0)
            throw NotConverged(
                "targets: too few eigenvalues of their kind (real or paired) were "
                "placed; fewer targets would do");
        used[static_cast<std::size_t>(best)] = true;
        placed(i) = static_cast<int>(best);
        miss = std::max(miss, std::abs(roots.values(best) - targets.values(i)));
    }
    return miss;
}

void fill_targets(RobustProblem& problem, const HalfSet& targets, const SecularRoots& roots) {
    problem.real_targets = targets.layout.real;
    problem.miss = find_targets(targets, roots, problem.placed);
    problem.placed_amplitudes.resize(targets.values.size());
    for (Index i = 0; i < targets.values.size(); ++i)
        problem.placed_amplitudes(i) =
            problem.amplitudes(targets.origin[static_cast<std::size_t>(i)]);
}

/// The matrices that are fixed once the spectrum is.
void fill_matrices(RobustProblem& problem, const HalfSet& poles, const HalfSet& targets,
                   const SecularRoots& roots, const ComplexVector& strengths) {
    const CauchyVectors vectors = cauchy_vectors(roots, poles.values, strengths, poles.layout);
    problem.readout_to_modes = real_form(vectors.columns.transpose(), roots.layout, poles.layout);
    problem.inverse_modes = real_form(vectors.rows, roots.layout, poles.layout);
    ComplexMatrix columns(vectors.columns.rows(), problem.placed.size());
    for (Index i = 0; i < columns.cols(); ++i)
        columns.col(i) = vectors.columns.col(problem.placed(i));
    Matrix rows = real_form(columns.transpose(), targets.layout, poles.layout);
    flip_rows(rows, targets.layout);
    flip_columns(rows, poles.layout);
    problem.placed_modes = rows.transpose();

    const double t = problem.duration / problem.tau;
    problem.correlations = correlation_factor(roots.values.array() - 1.0, roots.layout, t);
    ComplexVector placed(problem.placed.size());
    for (Index i = 0; i < placed.size(); ++i) placed(i) = roots.values(problem.placed(i)) - 1.0;
    problem.placed_correlations = correlation_factor(placed, targets.layout, t);
    flip_rows(problem.placed_correlations, targets.layout);
}

}  // namespace

RobustProblem robust_problem(const Network& network, const ComplexVectorView& targets,
                             const ComplexVectorView& amplitudes, double duration,
                             Strengths strengths, const VectorView& u) {
    check_robust_network(network, duration);
    check_robust_targets(targets, amplitudes, size(network));
    const EigenModes modes = eigen_modes(dense_weights(network));
    const HalfSet wanted = half_of(targets);
    const PairLayout layout = modes.poles.layout;
    const StrengthSolution d = strengths == Strengths::least
                                   ? least_strengths(modes.poles, wanted)
                                   : least_gain_strengths(network, modes, targets, u);
    const SecularRoots roots = secular_roots(modes.poles.values, d.strengths, layout);
    if (!roots.found)
        throw NotConverged(
            "the eigenvalues of the closed loop lie too close together to be told apart; targets "
            "farther from the network's eigenvalues, fewer of them, or another network would do");

    RobustProblem problem{.tau = network.tau,
                          .duration = duration,
                          .targets = targets,
                          .amplitudes = amplitudes,
                          .eigenvalues = full_of(modes.poles.values, layout),
                          .strengths = full_of(d.strengths, layout),
                          .spectrum = full_of(roots.values, roots.layout),
                          .miss = 0.0,
                          .solve_condition = d.condition,
                          .left = modes.left,
                          .right = modes.right};
    problem.real_eigenvalues = layout.real;
    problem.real_spectrum = roots.layout.real;
    fill_targets(problem, wanted, roots);
    Matrix readout = modes.right.transpose() * network.readout.transpose();
    flip_rows(readout, layout);
    problem.readout = half_of_real(readout.col(0), layout);
    fill_matrices(problem, modes.poles, wanted, roots, d.strengths);
    return problem;
}

}  // namespace heddle
