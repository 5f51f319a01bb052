#include "loops/least_norm_map.hpp"

#include "heddle/linalg/solve.hpp"

namespace heddle {

LeastNormMap::LeastNormMap(const Matrix& x) {
    const Vector norms = x.colwise().norm();
    basis_ = orthonormal(x * norms.cwiseInverse().asDiagonal());
    triangle_ = basis_.transpose() * x;
}

Matrix LeastNormMap::inputs(const Matrix& goals) const {
    return basis_ *
           triangle_.triangularView<Eigen::Upper>().transpose().solve(Matrix(goals.transpose()));
}

LeastNormMap::Slopes LeastNormMap::pull_back(const Matrix& v, const Matrix& v_slope) const {
    const auto solved = [&](const Matrix& b) {
        return Matrix(triangle_.triangularView<Eigen::Upper>().solve(b));
    };
    const Matrix along = basis_.transpose() * v_slope;
    const Matrix weights = solved(basis_.transpose() * v), goals = solved(along);
    return {(v_slope - basis_ * along) * weights.transpose() - v * goals.transpose(),
            goals.transpose()};
}

}  // namespace heddle
