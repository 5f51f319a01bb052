#include "loops/sphere_factors.hpp"

#include <cmath>

namespace heddle {
namespace {

using MatrixMap = Eigen::Map<const Matrix>;

/// For each column, what raw numbers are divided by.
Vector scales(const MatrixView& raw, double norm, Fixed fixed) {
    if (fixed == Fixed::columns) return raw.colwise().norm().transpose() / norm;
    const double root = std::sqrt(static_cast<double>(raw.cols()));
    return Vector::Constant(raw.cols(), raw.norm() / (norm * root));
}

Matrix onto_sphere(const MatrixView& raw, double norm, Fixed fixed) {
    return raw * scales(raw, norm, fixed).cwiseInverse().asDiagonal();
}

Matrix project(const MatrixView& raw, const MatrixView& gradient, double norm, Fixed fixed) {
    const Vector scale = scales(raw, norm, fixed);
    Vector along = raw.cwiseProduct(gradient).colwise().sum();
    Vector square = raw.colwise().squaredNorm();
    if (fixed == Fixed::factors) {
        along.setConstant(along.sum());
        square.setConstant(square.sum());
    }
    const Vector radial = along.cwiseQuotient(square);
    return (gradient - raw * radial.asDiagonal()) * scale.cwiseInverse().asDiagonal();
}

/// Turns columns i and j so that entry (i, i) of the Gram matrix becomes `target`, which lies
/// between the two diagonal entries.
void turn(Loops& loops, Matrix& gram, Index i, Index j, double target) {
    // gram_ii c² + 2 gram_ij c s + gram_jj s² = target, for the tangent s / c.
    const double a = gram(j, j) - target, b = gram(i, j), c = gram(i, i) - target;
    const double root = std::sqrt(std::max(0.0, b * b - a * c));
    const double tangent = b >= 0.0 ? -c / (b + root) : -c / (b - root);
    const double cosine = 1.0 / std::hypot(1.0, tangent), sine = tangent * cosine;
    const auto apply = [&](Matrix& m) {
        const Vector first = cosine * m.col(i) + sine * m.col(j);
        m.col(j) = cosine * m.col(j) - sine * m.col(i);
        m.col(i) = first;
    };
    apply(loops.u);
    apply(loops.v);
    apply(gram);
    gram.transposeInPlace();
    apply(gram);
}

}  // namespace

Loops SphereFactors::loops(const VectorView& raw) const {
    return {onto_sphere(MatrixMap(raw.data(), n, rank), u_norm, fixed),
            onto_sphere(MatrixMap(raw.data() + n * rank, n, rank), v_norm, fixed)};
}

Vector SphereFactors::pull_back(const VectorView& raw, const MatrixView& gradient_u,
                                const MatrixView& gradient_v) const {
    const Matrix u = project(MatrixMap(raw.data(), n, rank), gradient_u, u_norm, fixed);
    const Matrix v = project(MatrixMap(raw.data() + n * rank, n, rank), gradient_v, v_norm, fixed);
    Vector gradient(2 * n * rank);
    gradient << u.reshaped(), v.reshaped();
    return gradient;
}

Vector SphereFactors::raw(const Loops& loops) const {
    Vector raw(2 * n * rank);
    raw << loops.u.reshaped(), loops.v.reshaped();
    return raw;
}

Loops even_columns(const Loops& loops) {
    Loops even = loops;
    const Index k = loops.u.cols();
    Matrix gram = loops.u.transpose() * loops.u / loops.u.squaredNorm();
    gram += loops.v.transpose() * loops.v / loops.v.squaredNorm();
    const double target = gram.trace() / static_cast<double>(k);
    for (Index turned = 0; turned + 1 < k; ++turned) {
        Index largest = 0, least = 0;
        gram.diagonal().maxCoeff(&largest);
        gram.diagonal().minCoeff(&least);
        if (gram(largest, largest) - gram(least, least) < 1e-15 * target) break;
        turn(even, gram, largest, least, target);
    }
    return even;
}

}  // namespace heddle
