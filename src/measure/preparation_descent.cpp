#include "measure/preparation_descent.hpp"

#include <cmath>
#include <optional>
#include <utility>

#include "heddle/linalg/solve.hpp"
#include "linalg/exponential_path.hpp"
#include "linalg/qr.hpp"
#include "linalg/symmetric_eigen.hpp"

namespace heddle {
namespace {

constexpr double negligible = 1e-14;  // Of the largest eigenvalue of MᵀM.
constexpr double settled = 1e-4;      // A step that lowers φ by less is the last.

Matrix stacked(const std::vector<Matrix>& parts, Index rows, Index columns) {
    Matrix all(rows, columns);
    Index from = 0;
    for (const Matrix& one : parts) {
        all.middleCols(from, one.cols()) = one;
        from += one.cols();
    }
    return all;
}

}  // namespace

FactoredMap factored(const Matrix& m) {
    Matrix gram = m.transpose() * m;
    const Vector values = symmetric_eigen(gram, "the square of a motif's map");
    const double least = negligible * values[values.size() - 1];
    Index kept = 1;
    while (kept < values.size() && values[values.size() - 1 - kept] > least) ++kept;
    FactoredMap map{{}, gram.rightCols(kept)};
    map.left.noalias() = m * map.right;
    return map;
}

PreparationNorm::PreparationNorm(const Network& network, const std::vector<FactoredMap>& maps,
                                 const Matrix& transform, double time, std::size_t threads,
                                 Kept kept)
    : weights_(dense_weights(network)),
      transform_(transform),
      time_(time),
      threads_(threads),
      kept_(std::move(kept)),
      columns_(maps.size()) {
    const Index n = weights_.rows();
    weights_.diagonal().array() -= 1.0;
    const Matrix inverse = solve(transform, Matrix::Identity(n, n));
    parallel_for(maps.size(), threads, [&](std::size_t i) {
        const Matrix seen = inverse.transpose() * maps[i].right;
        columns_[i].noalias() = maps[i].left * Qr(seen).triangle().transpose();
    });
    for (const Matrix& one : columns_) total_ += one.cols();
}

PreparationNorm::Value PreparationNorm::at(const Loops& loops) const {
    Matrix a = weights_;
    a.noalias() += loops.u * loops.v.transpose();
    const ExponentialPath path(time_ * a);
    Matrix seen;
    seen.noalias() = transform_ * path.value();
    std::vector<SchattenNorm> parts(columns_.size());
    parallel_for(parts.size(), threads_, [&](std::size_t i) {
        Matrix x;
        x.noalias() = seen * columns_[i];
        parts[i] = schatten_norm(x);
    });
    std::optional<ExponentialPath> later;
    if (kept_.steps.cols() > 0) {
        later.emplace(kept_.time * a);
        parts.push_back(schatten_norm(later->value() * kept_.steps));
    }
    const JoinedNorm joined = join_norms(parts);
    if (!std::isfinite(joined.value)) return {joined.value, {}, {}};
    std::vector<Matrix> gradients(columns_.size());
    for (std::size_t i = 0; i < gradients.size(); ++i)
        gradients[i] = joined.weights[static_cast<Index>(i)] * parts[i].gradient;
    const Index n = a.rows();
    Matrix of_seen;
    of_seen.noalias() = stacked(gradients, n, total_) * stacked(columns_, n, total_).transpose();
    Matrix of_a = time_ * path.pull_back(transform_.transpose() * of_seen);
    if (later)
        of_a += joined.weights[joined.weights.size() - 1] * kept_.time *
                later->pull_back(parts.back().gradient * kept_.steps.transpose());
    return {joined.value, of_a * loops.v, of_a.transpose() * loops.u};
}

PreparationDescent descend(const PreparationNorm& norm, const Loops& start, int most_evaluations,
                           const std::function<void()>& tick) {
    const double root = std::sqrt(static_cast<double>(start.u.cols()));
    const SphereFactors factors{start.u.rows(), start.u.cols(), start.u.norm() / root,
                                start.v.norm() / root, Fixed::factors};
    double before = 0.0;
    bool first = true;
    const auto objective = [&](Evaluated& at) {
        const PreparationNorm::Value value = norm.at(factors.loops(at.x));
        at.value = value.value;
        if (first) before = value.value;
        first = false;
        if (std::isfinite(value.value))
            at.gradient = factors.pull_back(at.x, value.gradient_u, value.gradient_v);
        tick();
    };
    const LbfgsOptions settings{
        .tolerance = 0.0, .most_evaluations = most_evaluations, .settled = settled};
    const Minimum found = minimise(objective, factors.raw(start), settings);
    return {factors.loops(found.at.x), before, found.at.value, found.evaluations};
}

}  // namespace heddle
