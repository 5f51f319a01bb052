#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "heddle/core/error.hpp"
#include "heddle/linalg/eigenvectors.hpp"
#include "heddle/linalg/solve.hpp"
#include "heddle/loops/placement.hpp"
#include "heddle/loops/robust_loop.hpp"
#include "loops/correlations.hpp"
#include "loops/secular_roots.hpp"

namespace heddle {
namespace {

std::string text(Complex value) {
    return std::to_string(value.real()) + (value.imag() < 0.0 ? " - " : " + ") +
           std::to_string(std::abs(value.imag())) + "i";
}

void check_network(const Network& network, double duration) {
    validate(network);
    if (network.response != Response::linear)
        throw DomainError("network: found response '" + std::string(name_of(network.response)) +
                          "', expected a linear network");
    if (network.readout.rows() != 1)
        throw ShapeError("network", "one readout", std::to_string(network.readout.rows()));
    if (!(std::isfinite(duration) && duration > 0.0))
        throw DomainError("duration: found " + std::to_string(duration) + ", expected a time > 0");
}

/// The target that is the conjugate of target i.
Index partner(const ComplexVectorView& targets, Index i) {
    Index best = 0;
    const double away = (targets.array() - std::conj(targets(i))).abs().minCoeff(&best);
    if (!(away <= 1e-12 * std::max(1.0, std::abs(targets(i)))))
        throw DomainError("targets: found " + text(targets(i)) + " without its conjugate " +
                          text(std::conj(targets(i))) + ", which a real network needs");
    return best;
}

void check_targets(const ComplexVectorView& targets, const ComplexVectorView& amplitudes, Index n) {
    if (targets.size() == 0 || targets.size() > n)
        throw ShapeError("targets", "1 to " + std::to_string(n) + " eigenvalues",
                         std::to_string(targets.size()));
    if (amplitudes.size() != targets.size())
        throw ShapeError("amplitudes", std::to_string(targets.size()) + ", one per target",
                         std::to_string(amplitudes.size()));
    if (!targets.allFinite()) throw DomainError("targets: found NaN or infinity");
    if (!amplitudes.allFinite()) throw DomainError("amplitudes: found NaN or infinity");
    if (amplitudes.norm() == 0.0)
        throw DomainError("amplitudes: found zeros only, expected a motif that moves");
    for (Index i = 0; i < targets.size(); ++i) {
        for (Index j = 0; j < i; ++j)
            if (std::abs(targets(i) - targets(j)) <= 1e-12 * std::max(1.0, std::abs(targets(i))))
                throw DomainError("targets: found " + text(targets(i)) +
                                  " twice, expected distinct eigenvalues");
        const Complex other = amplitudes(partner(targets, i));
        if (std::abs(other - std::conj(amplitudes(i))) > 1e-12 * amplitudes.cwiseAbs().maxCoeff())
            throw DomainError("amplitudes: found " + text(amplitudes(i)) + " and " + text(other) +
                              " for a pair of targets, expected conjugates");
    }
}

/// W = R diag(λ) L in half form and real form.
struct Modes {
    HalfSet poles;
    Matrix right, left;
};

Modes modes_of(const Matrix& weights) {
    const EigenDecomposition all = eigen_decomposition(weights);
    Modes modes{half_of(all.values), {}, {}};
    ComplexMatrix half(weights.rows(), modes.poles.values.size());
    for (Index j = 0; j < half.cols(); ++j)
        half.col(j) = all.right.col(modes.poles.origin[static_cast<std::size_t>(j)]);
    half.rightCols(modes.poles.layout.pairs) *= std::sqrt(2.0);
    modes.right = unpacked_columns(half, modes.poles.layout);
    try {
        modes.left = solve(modes.right, Matrix::Identity(weights.rows(), weights.rows()));
    } catch (const DomainError&) {
        throw DomainError(
            "network: its weights have no basis of eigenvectors; a small random change would do");
    }
    return modes;
}

/// d and κ₂ of the system it comes from.
struct Solution {
    ComplexVector strengths;
    double condition;
};

/// Least |d| with Σ_j d_j / (λ_i^des − λ_j) = 1, in real form so that d is closed.
Solution least_strengths(const HalfSet& poles, const HalfSet& targets) {
    const ComplexVector all = full_of(poles.values, poles.layout);
    ComplexMatrix cauchy(targets.values.size(), all.size());
    for (Index i = 0; i < cauchy.rows(); ++i)
        cauchy.row(i) = (targets.values(i) - all.array()).inverse().transpose();
    if (!cauchy.allFinite())
        throw DomainError("targets: found an eigenvalue of the network, which is there already");
    const Matrix system = real_form(cauchy, targets.layout, poles.layout);
    const Vector ones = real_of(ComplexVector::Ones(targets.values.size()), targets.layout);
    const LeastNorm least = least_norm(system.transpose(), ones.transpose());
    return {half_of_real(least.v.transpose(), poles.layout), least.condition};
}

/// (L u) (Rᵀ v) of the loop of least gain for u.
Solution least_gain_strengths(const Network& network, const Modes& modes,
                              const ComplexVectorView& targets, const VectorView& u) {
    if (u.size() != size(network))
        throw ShapeError("u", shape_text(size(network), 1), shape_text(u.size(), 1));
    PlacementOptions options;
    options.u = u;
    options.whole_spectrum = false;
    const Placement placed = place_eigenvalues(network, targets, options);
    const PairLayout layout = modes.poles.layout;
    Matrix seen = modes.right.transpose() * placed.loops.v;
    flip_rows(seen, layout);
    const ComplexVector a = half_of_real(modes.left * u, layout),
                        b = half_of_real(seen.col(0), layout);
    return {a.cwiseProduct(b), placed.solve_condition};
}

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
    check_network(network, duration);
    check_targets(targets, amplitudes, size(network));
    const Modes modes = modes_of(dense_weights(network));
    const HalfSet wanted = half_of(targets);
    const PairLayout layout = modes.poles.layout;
    const Solution d = strengths == Strengths::least
                           ? least_strengths(modes.poles, wanted)
                           : least_gain_strengths(network, modes, targets, u);
    const SecularRoots roots = secular_roots(modes.poles.values, d.strengths, layout);

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
    problem.real_targets = wanted.layout.real;
    problem.miss = find_targets(wanted, roots, problem.placed);
    problem.placed_amplitudes.resize(wanted.values.size());
    for (Index i = 0; i < wanted.values.size(); ++i)
        problem.placed_amplitudes(i) = amplitudes(wanted.origin[static_cast<std::size_t>(i)]);
    Matrix readout = modes.right.transpose() * network.readout.transpose();
    flip_rows(readout, layout);
    problem.readout = half_of_real(readout.col(0), layout);
    fill_matrices(problem, modes.poles, wanted, roots, d.strengths);
    return problem;
}

}  // namespace heddle
