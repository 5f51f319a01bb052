#include "heddle/spectrum/closed_loop.hpp"

#include <utility>
#include <vector>

#include "heddle/linalg/eigenvalues.hpp"
#include "heddle/linalg/eigenvectors.hpp"
#include "heddle/linalg/split.hpp"
#include "heddle/spectrum/weights_resolvent.hpp"
#include "spectrum/equal_runs.hpp"

namespace heddle {
namespace {

/// Index of the unused eigenvalue nearest to `target`.
Index nearest(Complex target, const ComplexVectorView& eigenvalues, const std::vector<bool>& used) {
    Index best = -1;
    for (Index j = 0; j < eigenvalues.size(); ++j)
        if (!used[static_cast<std::size_t>(j)] &&
            (best < 0 || std::abs(eigenvalues(j) - target) < std::abs(eigenvalues(best) - target)))
            best = j;
    return best;
}

}  // namespace

ComplexMatrix loop_responses(const Resolvent& resolvent, const ComplexVectorView& eigenvalues,
                             const MatrixView& u) {
    return resolvent.solve_each_rotated(eigenvalues, resolvent.rotate(u));
}

LoopModes loop_modes(const Resolvent& resolvent, ComplexVector eigenvalues, ComplexMatrix responses,
                     ComplexMatrix directions) {
    return loop_modes(*view_of(resolvent), std::move(eigenvalues), std::move(responses),
                      std::move(directions));
}

ComplexMatrix left_directions(const MatrixView& v, const LoopModes& placed,
                              const ThalamicLag& lag) {
    const Index k = v.cols();
    ComplexMatrix h(k, placed.eigenvalues.size());
    for (const EqualRun& run : equal_runs(placed.eigenvalues)) {
        ComplexMatrix returned = -(v.transpose() * placed.responses.middleCols(run.first * k, k));
        returned.diagonal().array() += lag.factor(placed.eigenvalues(run.first));
        h.middleCols(run.first, run.count) = null_vectors(returned.transpose(), run.count);
    }
    return h;
}

ClosedLoop two_sided(const Network& network, const Loops& loops, const LoopModes& placed,
                     const ComplexMatrixView& h, const ComplexMatrixView& l) {
    const ThalamicLag lag = thalamic_lag(loops, network.tau);
    const Index m = placed.eigenvalues.size();
    const ComplexMatrix thalamic = loops.v.transpose() * placed.modes -
                                   placed.directions * lag.factors(placed.eigenvalues).asDiagonal();
    const ComplexMatrix cortical =
        join(apply_weights(network, split(placed.modes)) + loops.u * split(placed.directions)) -
        placed.modes * placed.eigenvalues.asDiagonal();
    ClosedLoop result{Vector(m), Vector(m)};
    for (const EqualRun& run : equal_runs(placed.eigenvalues)) {
        const auto of_run = [&](const auto& a) { return a.middleCols(run.first, run.count); };
        const ComplexMatrix left = of_run(l).transpose(), left_thalamic = of_run(h).transpose();
        const ComplexMatrix overlap =
            left * of_run(placed.modes) +
            lag.slope(placed.eigenvalues(run.first)) * (left_thalamic * of_run(placed.directions));
        const ComplexMatrix inverse = inverse_of_rank(overlap, run.count);
        const ComplexMatrix residual =
            inverse * (left * of_run(cortical) + left_thalamic * of_run(thalamic));
        const ComplexMatrix dual = inverse * left;
        for (Index i = 0; i < run.count; ++i) {
            result.error(run.first + i) = residual.col(i).norm();
            result.condition(run.first + i) =
                dual.row(i).norm() * placed.modes.col(run.first + i).norm();
        }
    }
    return result;
}

ClosedLoop closed_loop(const Resolvent& resolvent, const Network& network, const Loops& loops,
                       const LoopModes& placed) {
    return closed_loop(*view_of(resolvent), network, loops, placed);
}

ComplexVector closed_spectrum(const MatrixView& weights, const Loops& loops) {
    return eigenvalues(weights + loops.u * loops.v.transpose());
}

Vector distances(const ComplexVectorView& targets, const ComplexVectorView& eigenvalues) {
    std::vector<bool> used(static_cast<std::size_t>(eigenvalues.size()), false);
    Vector result(targets.size());
    for (Index i = 0; i < targets.size(); ++i) {
        const Index j = nearest(targets(i), eigenvalues, used);
        used[static_cast<std::size_t>(j)] = true;
        result(i) = std::abs(eigenvalues(j) - targets(i));
    }
    return result;
}

}  // namespace heddle
