#include "linalg/exponential_path.hpp"

#include <algorithm>
#include <cmath>

#include "linalg/lapack.hpp"
#include "linalg/norms.hpp"

namespace heddle {
namespace {

constexpr std::size_t block = 4;

double coefficient(std::size_t k) {
    return 1.0 / std::tgamma(static_cast<double>(k) + 1.0);
}

/// The scaling s, from B³ and B⁴ before it.
int halvings(const std::array<Matrix, block>& powers) {
    const double size =
        std::max(std::cbrt(one_norm(powers[2])), std::pow(one_norm(powers[3]), 0.25));
    return size > 1.0 && std::isfinite(size) ? static_cast<int>(std::ceil(std::log2(size))) : 0;
}

/// Σ_{i < 4} Bⁱ / (4 j + i)!.
Matrix part(const std::array<Matrix, block>& powers, std::size_t j) {
    Matrix sum = coefficient(block * j + 1) * powers[0];
    sum += coefficient(block * j + 2) * powers[1] + coefficient(block * j + 3) * powers[2];
    sum.diagonal().array() += coefficient(block * j);
    return sum;
}

}  // namespace

ExponentialPath::ExponentialPath(const Matrix& a) {
    lapack::use_one_blas_thread();
    powers_[0] = a;
    powers_[1].noalias() = a * a;
    powers_[2].noalias() = a * powers_[1];
    powers_[3].noalias() = powers_[1] * powers_[1];
    const int s = halvings(powers_);
    for (std::size_t i = 0; i < block; ++i)
        powers_[i] *= std::ldexp(1.0, -s * static_cast<int>(i + 1));
    nested_[2] = part(powers_, 3) + coefficient(16) * powers_[3];
    for (std::size_t j = 2; j > 0; --j) {
        nested_[j - 1] = part(powers_, j);
        nested_[j - 1].noalias() += powers_[3] * nested_[j];
    }
    path_.push_back(part(powers_, 0));
    path_[0].noalias() += powers_[3] * nested_[0];
    for (int i = 0; i < s; ++i) path_.emplace_back(path_.back() * path_.back());
}

Matrix ExponentialPath::pull_back(Matrix g) const {
    for (std::size_t i = path_.size() - 1; i-- > 0;) {
        const Matrix next = g * path_[i].transpose();
        g = (path_[i].transpose() * g + next).eval();
    }
    std::array<Matrix, block> bar;  // Of B … B⁴.
    for (std::size_t i = 0; i + 1 < block; ++i) bar[i] = coefficient(i + 1) * g;
    bar[3] = Matrix::Zero(g.rows(), g.cols());
    for (std::size_t j = 0; j < nested_.size(); ++j) {
        bar[3].noalias() += g * nested_[j].transpose();
        g = (powers_[3].transpose() * g).eval();
        for (std::size_t i = 0; i + 1 < block; ++i)
            bar[i] += coefficient(block * (j + 1) + i + 1) * g;
    }
    bar[3] += coefficient(16) * g;
    bar[1].noalias() += bar[3] * powers_[1].transpose();
    bar[1].noalias() += powers_[1].transpose() * bar[3];
    bar[0].noalias() += bar[2] * powers_[1].transpose();
    bar[1].noalias() += powers_[0].transpose() * bar[2];
    bar[0].noalias() += bar[1] * powers_[0].transpose();
    bar[0].noalias() += powers_[0].transpose() * bar[1];
    return std::ldexp(1.0, -static_cast<int>(path_.size() - 1)) * bar[0];
}

}  // namespace heddle
