#include "heddle/spectrum/closed_loop.hpp"

#include <vector>

#include "heddle/linalg/eigenvalues.hpp"
#include "heddle/linalg/eigenvectors.hpp"

namespace heddle {
namespace {

/// The vector of a square complex matrix's smallest singular value, on the left: hᵀ M ≈ 0.
ComplexVector left_null_vector(const ComplexMatrixView& m) { return null_vector(ComplexMatrix(m.transpose())); }

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
    return resolvent.solve_each(eigenvalues, u);
}

ClosedLoop closed_loop(const Resolvent& resolvent, const MatrixView& weights, const Loops& loops,
                       const ComplexVectorView& eigenvalues, const ComplexMatrixView& responses,
                       const ComplexMatrixView& directions, double epsilon) {
    const Index m = eigenvalues.size();
    const Index n = weights.rows();
    const Index k = loops.u.cols();
    ComplexMatrix r(n, m), h(k, m), thalamic(k, m);
    for (Index i = 0; i < m; ++i) {
        const auto response = responses.middleCols(i * k, k);
        const Complex lag = 1.0 + epsilon * (eigenvalues(i) - 1.0);
        r.col(i).noalias() = response * directions.col(i);
        ComplexMatrix returned = -(loops.v.transpose() * response);
        returned.diagonal().array() += lag;
        h.col(i) = left_null_vector(returned);
        thalamic.col(i) = loops.v.transpose() * r.col(i) - lag * directions.col(i);
    }
    const ComplexMatrix l = resolvent.solve_transposed(eigenvalues, loops.v * h);
    ComplexMatrix cortical = r;
    cortical.real() = weights * r.real().eval() + loops.u * directions.real();
    cortical.imag() = weights * r.imag().eval() + loops.u * directions.imag();
    ClosedLoop result{Vector(m), Vector(m)};
    for (Index i = 0; i < m; ++i) {
        const auto left = l.col(i).transpose();
        const Complex overlap = (left * r.col(i)).value() +
                                epsilon * (h.col(i).transpose() * directions.col(i)).value();
        const Complex residual = (left * (cortical.col(i) - eigenvalues(i) * r.col(i))).value() +
                                 (h.col(i).transpose() * thalamic.col(i)).value();
        result.error(i) = std::abs(residual / overlap);
        result.condition(i) = l.col(i).norm() * r.col(i).norm() / std::abs(overlap);
    }
    return result;
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
