#include "linalg/joint_compression.hpp"

#include "heddle/linalg/solve.hpp"
#include "linalg/symmetric_eigen.hpp"

namespace heddle {
namespace {

/// Below this size the full matrices are as cheap.
constexpr Index smallest_size = 33;

/// How many of the ascending eigenvalues to keep, at least one.
Index kept(const Vector& values, double tolerance) {
    const double most = tolerance * tolerance * values.cwiseMax(0.0).sum();
    double left_out = 0.0;
    Index dropped = 0;
    for (; dropped + 1 < values.size(); ++dropped) {
        left_out += std::max(values[dropped], 0.0);
        if (left_out > most) break;
    }
    return values.size() - dropped;
}

Matrix joint_basis(const std::vector<Matrix>& matrices, double tolerance) {
    const Index n = matrices.front().rows();
    Matrix gram = Matrix::Zero(n, n);
    for (const Matrix& a : matrices) gram.selfadjointView<Eigen::Lower>().rankUpdate(a);
    const Vector values = symmetric_eigen(gram, "the sum of A_i A_iᵀ");
    return gram.rightCols(kept(values, tolerance));
}

JointBlocks whole(const Matrix& a) {
    return {a, {}, {}, 0.0, a.norm()};
}

JointBlocks reduced(const Matrix& a, const Matrix& q) {
    const Matrix rows = q.transpose() * a;
    Matrix rest = a;
    rest.noalias() -= q * rows;
    JointBlocks blocks{rows * q, {}, rest * q, 0.0, a.norm()};
    blocks.in = rows - blocks.inner * q.transpose();
    rest.noalias() -= blocks.out * q.transpose();
    blocks.rest = spectral_norm(rest);
    return blocks;
}

}  // namespace

JointCompression compress_jointly(const std::vector<Matrix>& matrices, double tolerance,
                                  std::size_t threads, const Progress& progress) {
    JointCompression result;
    const Index n = matrices.front().rows();
    if (n >= smallest_size && tolerance > 0.0) {
        result.basis = joint_basis(matrices, tolerance);
        if (result.basis.cols() == n) result.basis.resize(0, 0);
    }
    result.blocks.resize(matrices.size());
    const auto body = [&](std::size_t i) {
        result.blocks[i] =
            result.basis.size() == 0 ? whole(matrices[i]) : reduced(matrices[i], result.basis);
    };
    parallel_for(matrices.size(), n >= smallest_size ? threads : 1, body, progress);
    return result;
}

}  // namespace heddle
