#include "measure/schatten.hpp"

#include <cmath>
#include <limits>

namespace heddle {
namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();
constexpr double order = 16.0;

/// (S⁷, tr S⁸).
std::pair<Matrix, double> powers(const Matrix& s) {
    const Matrix s2 = s * s;
    const Matrix s4 = s2 * s2;
    return {(s4 * s2 * s).eval(), s4.squaredNorm()};
}

}  // namespace

SchattenNorm schatten_norm(const Matrix& x) {
    const double size = x.norm();  // Divided out, so that no power overflows.
    if (!std::isfinite(size)) return {infinite, {}};
    if (size == 0.0) return {-infinite, Matrix::Zero(x.rows(), x.cols())};
    const Matrix y = x / size;
    const bool tall = y.rows() >= y.cols();
    const auto [seventh, trace] =
        powers(tall ? (y.transpose() * y).eval() : (y * y.transpose()).eval());
    SchattenNorm norm{std::log(size) + std::log(trace) / order, {}};
    if (tall)
        norm.gradient.noalias() = y * seventh;
    else
        norm.gradient.noalias() = seventh * y;
    norm.gradient /= trace * size;
    return norm;
}

JoinedNorm join_norms(const std::vector<SchattenNorm>& parts) {
    double largest = -infinite;
    for (const SchattenNorm& one : parts) largest = std::max(largest, one.value);
    Vector weights = Vector::Zero(static_cast<Index>(parts.size()));
    if (!std::isfinite(largest)) return {largest, weights};
    for (std::size_t i = 0; i < parts.size(); ++i)
        weights[static_cast<Index>(i)] = std::exp(order * (parts[i].value - largest));
    const double sum = weights.sum();
    return {largest + std::log(sum) / order, weights / sum};
}

}  // namespace heddle
