#pragma once

#include <cmath>
#include <cstdint>
#include <initializer_list>

#include "heddle/core/random.hpp"
#include "heddle/linalg/solve.hpp"

/// Matrices the tests of this directory share.
namespace heddle::matrices {

inline Matrix gaussian(Index rows, Index columns, std::uint64_t seed = 1) {
    Matrix a(rows, columns);
    Random(seed).fill_normal({a.data(), static_cast<std::size_t>(a.size())});
    return a;
}

inline ComplexMatrix complex_gaussian(Index rows, Index columns, std::uint64_t seed = 1) {
    ComplexMatrix a(rows, columns);
    a.real() = gaussian(rows, columns, seed);
    a.imag() = gaussian(rows, columns, seed + 1000);
    return a;
}

/// W_ij ~ N(0, g²/n).
inline Matrix weights(Index n, double g = 0.9, std::uint64_t seed = 1) {
    return g / std::sqrt(static_cast<double>(n)) * gaussian(n, n, seed);
}

inline Matrix rotation(Index n, std::uint64_t seed = 1) {
    return orthonormal(gaussian(n, n, seed));
}

inline Matrix identity(Index n) {
    return Matrix::Identity(n, n);
}

/// λ on the diagonal, ones above it.
inline Matrix jordan_block(Index n, double lambda) {
    Matrix a = lambda * identity(n);
    a.diagonal(1).setOnes();
    return a;
}

/// A real matrix with the 2 × 2 block of re ± i im, both off-diagonal entries im.
inline Matrix pair_block(double re, double im) {
    Matrix a(2, 2);
    a << re, im, -im, re;
    return a;
}

inline Matrix block_diagonal(const std::initializer_list<Matrix>& blocks) {
    Index n = 0;
    for (const Matrix& block : blocks) n += block.rows();
    Matrix a = Matrix::Zero(n, n);
    Index at = 0;
    for (const Matrix& block : blocks) {
        a.block(at, at, block.rows(), block.cols()) = block;
        at += block.rows();
    }
    return a;
}

/// ‖a − b‖ / ‖b‖ in the Frobenius norm.
template <typename A, typename B>
double relative_error(const A& a, const B& b) {
    return (a - b).norm() / b.norm();
}

}  // namespace heddle::matrices
