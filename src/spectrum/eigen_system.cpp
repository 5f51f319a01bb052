#include "heddle/spectrum/eigen_system.hpp"

#include <cmath>
#include <numbers>

#include "heddle/core/error.hpp"
#include "network/checks.hpp"
#include "spectrum/eigen_state.hpp"

namespace heddle {
namespace {

/// Which stored root an eigenvalue is, and whether it is the mirror image.
struct Place {
    Index stored;
    bool mirrored, real;
};

Place place_of(const EigenSystem& system, Index i) {
    const EigenState& state = *system.state;
    if (i < 0 || i >= system.eigenvalues.size())
        throw DomainError("i: found " + std::to_string(i) + ", expected an eigenvalue, 0 to " +
                          std::to_string(system.eigenvalues.size() - 1));
    const Index at = state.canonical[static_cast<std::size_t>(i)];
    const bool mirrored = at >= state.layout.half();
    return {mirrored ? at - state.layout.pairs : at, mirrored, at < state.layout.real};
}

/// Closed vectors that add up to e_i: 2 Re and −2 Im of what is made of them.
ComplexMatrix coefficients(const EigenState& state, const Place& place) {
    ComplexMatrix c = ComplexMatrix::Zero(state.layout.half(), place.real ? 1 : 2);
    c(place.stored, 0) = 1.0;
    if (!place.real) c(place.stored, 1) = Complex(0.0, 1.0);
    return c;
}

ComplexVector joined(const Matrix& parts, const Place& place) {
    ComplexVector vector = parts.col(0).cast<Complex>();
    if (place.real) return vector;
    const double sign = place.mirrored ? 0.5 : -0.5;
    vector.real() *= 0.5;
    vector.imag() = sign * parts.col(1);
    return vector;
}

/// (W + U Vᵀ) x, or its transpose times x.
ComplexVector applied(const EigenState& state, const ComplexVector& x, bool transposed) {
    const Matrix& w = state.base->weights;
    const Matrix &u = transposed ? state.v : state.u, &v = transposed ? state.u : state.v;
    Matrix parts(x.size(), 2);
    parts << x.real(), x.imag();
    Matrix image = transposed ? Matrix(w.transpose() * parts) : Matrix(w * parts);
    image += u * (v.transpose() * parts);
    ComplexVector result(x.size());
    result.real() = image.col(0);
    result.imag() = image.col(1);
    return result;
}

/// Columns or rows of a real form, in canonical order.
ComplexMatrix in_order(const EigenState& state, const ComplexMatrix& half) {
    ComplexMatrix all(half.rows(), state.layout.full());
    for (Index i = 0; i < all.cols(); ++i) {
        const Index at = state.canonical[static_cast<std::size_t>(i)];
        if (at < state.layout.half())
            all.col(i) = half.col(at);
        else
            all.col(i) = half.col(at - state.layout.pairs).conjugate();
    }
    return all;
}

/// R′ in half form, columns not normalised.
ComplexMatrix right_half(const EigenState& state) {
    Matrix real = state.base->right;
    for (const auto& link : state.links) real = real * right_matrix(*link);
    ComplexMatrix half = packed_columns(real, state.layout);
    half.rightCols(state.layout.pairs) /= std::numbers::sqrt2;
    return half;
}

ComplexMatrix left_half(const EigenState& state) {
    Matrix real = state.base->left;
    for (const auto& link : state.links) real = left_matrix(*link) * real;
    ComplexMatrix half = packed_rows(real, state.layout);
    half.bottomRows(state.layout.pairs) /= std::numbers::sqrt2;
    return half;
}

EigenSystem opened(const EigenSystem& system, const Loops& loops) {
    EigenState state = *system.state;
    await(state, loops);
    for (Index k = 0; k < loops.u.cols(); ++k) open_next(state, loops.u.col(k), loops.v.col(k));
    return measured(std::move(state));
}

/// ‖r′_i‖, exactly.
Vector lengths(const ComplexMatrix& half) {
    return half.colwise().norm();
}

}  // namespace

EigenSystem eigen_system(const Network& network, double tolerance) {
    validate(network);
    check_positive(tolerance, "tolerance");
    return measured(closed_state(eigen_base(dense_weights(network), tolerance)));
}

EigenSystem open_loops(const EigenSystem& system, const Loops& loops) {
    validate(loops, system.eigenvalues.size());
    EigenSystem open = opened(system, loops);
    if (open.trusted || loops.u.cols() < 2) return open;
    // Nearly dependent vectors half way cost digits; another way to the same end may have none.
    EigenSystem other = opened(system, {loops.u.rowwise().reverse(), loops.v.rowwise().reverse()});
    const bool better = other.error.maxCoeff() < open.error.maxCoeff();
    return better ? other : open;
}

EigenPair eigen_pair(const EigenSystem& system, Index i) {
    const Place place = place_of(system, i);
    const EigenState& state = *system.state;
    const ComplexMatrix c = coefficients(state, place);
    EigenPair pair{.value = system.eigenvalues(i),
                   .right = joined(right_of(state, c), place),
                   .left = joined(left_of(state, c), place)};
    pair.right.normalize();
    pair.left /= (pair.left.transpose() * pair.right).value();
    const ComplexVector defect = applied(state, pair.right, false) - pair.value * pair.right;
    const ComplexVector left_defect = applied(state, pair.left, true) - pair.value * pair.left;
    pair.residual = defect.norm();
    pair.condition = pair.left.norm();
    pair.left_residual = left_defect.norm() / pair.condition;
    pair.error = std::abs((pair.left.transpose() * defect).value());
    return pair;
}

ComplexMatrix right_vectors(const EigenSystem& system) {
    ComplexMatrix half = right_half(*system.state);
    half = half * lengths(half).cwiseInverse().asDiagonal();
    return in_order(*system.state, half);
}

ComplexMatrix left_vectors(const EigenSystem& system) {
    const ComplexMatrix right = right_half(*system.state);
    ComplexMatrix half = lengths(right).asDiagonal() * left_half(*system.state);
    return in_order(*system.state, half.transpose()).transpose();
}

}  // namespace heddle
