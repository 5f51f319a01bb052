#include "heddle/spectrum/closed_loop.hpp"

#include <utility>
#include <vector>

#include "heddle/linalg/eigenvalues.hpp"
#include "heddle/linalg/eigenvectors.hpp"
#include "heddle/linalg/split.hpp"
#include "heddle/spectrum/weights_resolvent.hpp"

namespace heddle {
namespace {

/// The vector of a square complex matrix's smallest singular value, on the left: hᵀ M ≈ 0.
ComplexVector left_null_vector(const ComplexMatrixView& m) {
    return null_vector(ComplexMatrix(m.transpose()));
}

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

ComplexMatrix left_directions(const MatrixView& v, const LoopModes& placed, double epsilon) {
    const Index k = v.cols();
    ComplexMatrix h(k, placed.eigenvalues.size());
    for (Index i = 0; i < h.cols(); ++i) {
        ComplexMatrix returned = -(v.transpose() * placed.responses.middleCols(i * k, k));
        returned.diagonal().array() += 1.0 + epsilon * (placed.eigenvalues(i) - 1.0);
        h.col(i) = left_null_vector(returned);
    }
    return h;
}

ClosedLoop two_sided(const Network& network, const Loops& loops, const LoopModes& placed,
                     const ComplexMatrixView& h, const ComplexMatrixView& l) {
    const double epsilon = loops.thalamic_tau / network.tau;
    const Index m = placed.eigenvalues.size();
    const ComplexVector lag = 1.0 + epsilon * (placed.eigenvalues.array() - 1.0);
    const ComplexMatrix thalamic =
        loops.v.transpose() * placed.modes - placed.directions * lag.asDiagonal();
    const ComplexMatrix cortical =
        join(apply_weights(network, split(placed.modes)) + loops.u * split(placed.directions)) -
        placed.modes * placed.eigenvalues.asDiagonal();
    ClosedLoop result{Vector(m), Vector(m)};
    for (Index i = 0; i < m; ++i) {
        const auto left = l.col(i).transpose();
        const auto left_thalamic = h.col(i).transpose();
        const Complex overlap = (left * placed.modes.col(i)).value() +
                                epsilon * (left_thalamic * placed.directions.col(i)).value();
        const Complex residual =
            (left * cortical.col(i)).value() + (left_thalamic * thalamic.col(i)).value();
        result.error(i) = std::abs(residual / overlap);
        result.condition(i) = l.col(i).norm() * placed.modes.col(i).norm() / std::abs(overlap);
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
