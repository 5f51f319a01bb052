#include <cmath>
#include <cstdint>
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

/// Row-major places i n + j, i ≠ j, of the connections that are present. From one to the next it is
/// a geometric number of places, so that absent ones cost nothing.
std::vector<std::int64_t> present(Index n, double p, std::uint64_t seed) {
    const Random random(seed, stream_of("weights/present"));
    const double scale = p < 1.0 ? 1.0 / std::log1p(-p) : 0.0;
    const double end = static_cast<double>(n) * static_cast<double>(n);
    std::vector<std::int64_t> places;
    std::int64_t place = -1;
    for (std::uint64_t draw = 0;; ++draw) {
        const double gap = std::floor(std::log(random.uniform(draw)) * scale);
        if (static_cast<double>(place) + gap + 1.0 >= end) return places;
        place += static_cast<std::int64_t>(gap) + 1;
        if (place / n != place % n) places.push_back(place);
    }
}

/// Sparse matrices count their entries in 32 bits.
void check_storable(Index n, double p) {
    const auto units = static_cast<double>(n);
    if (p * units * units < 2.0e9) return;
    throw DomainError("p: found " + number_text(p) + " with " + std::to_string(n) +
                      " units, expected less than 2e9 connections, p below " +
                      number_text(2.0e9 / (units * units)));
}

void check_outliers(const VectorView& outliers, Index n, double g) {
    if (outliers.size() < 1 || outliers.size() > n)
        throw DomainError("outliers: found " + std::to_string(outliers.size()) +
                          " values, expected 1 to " + std::to_string(n));
    for (const double outlier : outliers)
        if (!(std::abs(outlier) > g) || !std::isfinite(outlier))
            throw DomainError("outliers: found " + number_text(outlier) +
                              ", expected a finite number outside the bulk, whose radius g is " +
                              number_text(g));
}

/// Gaussian vectors whose overlaps m_rᵀ n_s / n are exactly diag(outliers): n is shifted along the
/// dual basis of m.
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
    check_storable(n, p);
    const auto units = static_cast<double>(n);
    const std::vector<std::int64_t> places = present(n, p, seed);
    Vector strengths(static_cast<Index>(places.size()));
    Random(seed, stream_of("weights")).fill_normal({strengths.data(), places.size()});
    SparseMatrix weights(n, n);
    weights.reserve(strengths.size());
    auto place = places.begin();
    for (Index i = 0; i < n; ++i) {
        weights.startVec(i);
        for (; place != places.end() && *place / n == i; ++place)
            weights.insertBack(i, *place % n) =
                g / std::sqrt(units * p) * strengths(place - places.begin());
    }
    weights.finalize();
    return weights;
}

Matrix low_rank_weights(Index n, double g, const VectorView& outliers, std::uint64_t seed) {
    check_size(n);
    check_radius(g, "g");
    const Index rank = outliers.size();
    check_outliers(outliers, n, g);
    const Matrix m = normal_matrix(n, rank, seed, "weights/m");
    const Matrix overlap = overlapping(m, normal_matrix(n, rank, seed, "weights/n"), outliers);
    return m * overlap.transpose() / static_cast<double>(n) + gaussian_weights(n, g, seed);
}

}  // namespace heddle
