#include "loops/robust_strengths.hpp"

#include <cmath>
#include <numbers>

#include "heddle/core/error.hpp"
#include "heddle/linalg/eigenvectors.hpp"
#include "heddle/linalg/solve.hpp"
#include "heddle/loops/placement.hpp"

namespace heddle {

EigenModes eigen_modes(const Matrix& weights) {
    const EigenDecomposition all = eigen_decomposition(weights);
    EigenModes modes{half_of(all.values), {}, {}};
    ComplexMatrix half(weights.rows(), modes.poles.values.size());
    for (Index j = 0; j < half.cols(); ++j)
        half.col(j) = all.right.col(modes.poles.origin[static_cast<std::size_t>(j)]);
    half.rightCols(modes.poles.layout.pairs) *= std::numbers::sqrt2;
    modes.right = unpacked_columns(half, modes.poles.layout);
    try {
        modes.left = solve(modes.right, Matrix::Identity(weights.rows(), weights.rows()));
    } catch (const DomainError&) {
        throw DomainError(
            "network: its weights have no basis of eigenvectors; a small random change would do");
    }
    return modes;
}

StrengthSolution least_strengths(const HalfSet& poles, const HalfSet& targets) {
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

StrengthSolution least_gain_strengths(const Network& network, const EigenModes& modes,
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

}  // namespace heddle
