#include <cmath>
#include <vector>

#include "heddle/core/error.hpp"
#include "heddle/core/random.hpp"
#include "heddle/linalg/solve.hpp"
#include "heddle/network/generators.hpp"
#include "network/checks.hpp"

namespace heddle {
namespace {

Matrix normal_matrix(Index rows, Index columns, std::uint64_t seed, const char* stream) {
    Matrix a(rows, columns);
    Random(seed, stream_of(stream)).fill_normal({a.data(), static_cast<std::size_t>(a.size())});
    return a;
}

/// Gaussian vectors whose overlaps m_rᵀ n_s / n are exactly diag(outliers): n is shifted along the dual basis of m.
Matrix overlapping(const Matrix& m, Matrix n, const VectorView& outliers) {
    const auto size = static_cast<double>(m.rows());
    const Matrix wanted = size * Matrix(outliers.asDiagonal());
    const Matrix dual = m * solve(m.transpose() * m, Matrix::Identity(m.cols(), m.cols()));
    return n + dual * (wanted - m.transpose() * n);
}

}  // namespace

Matrix gaussian_weights(Index n, double g, std::uint64_t seed) {
    check_size(n);
    check_radius(g, "g");
    return g / std::sqrt(static_cast<double>(n)) * normal_matrix(n, n, seed, "weights");
}

SparseMatrix sparse_weights(Index n, double p, double g, std::uint64_t seed) {
    check_size(n);
    check_radius(g, "g");
    check_probability(p, "p");
    const Random present(seed, stream_of("weights/present"));
    const Random strength(seed, stream_of("weights"));
    const double scale = g / std::sqrt(static_cast<double>(n) * p);
    std::vector<Eigen::Triplet<double>> entries;
    for (Index i = 0; i < n; ++i)
        for (Index j = 0; j < n; ++j) {
            const auto index = static_cast<std::uint64_t>(i * n + j);
            if (i != j && present.uniform(index) < p)
                entries.emplace_back(static_cast<int>(i), static_cast<int>(j), scale * strength.normal(index));
        }
    SparseMatrix weights(n, n);
    weights.setFromTriplets(entries.begin(), entries.end());
    return weights;
}

Matrix low_rank_weights(Index n, double g, const VectorView& outliers, std::uint64_t seed) {
    check_size(n);
    check_radius(g, "g");
    const Index rank = outliers.size();
    if (rank < 1 || rank > n || !outliers.allFinite())
        throw DomainError("outliers: found " + std::to_string(rank) + " values, expected 1 to " + std::to_string(n) +
                          " finite numbers");
    const Matrix m = normal_matrix(n, rank, seed, "weights/m");
    const Matrix overlap = overlapping(m, normal_matrix(n, rank, seed, "weights/n"), outliers);
    return m * overlap.transpose() / static_cast<double>(n) + gaussian_weights(n, g, seed);
}

}  // namespace heddle
