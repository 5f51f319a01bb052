#include "heddle/linalg/eigenbasis.hpp"

#include <limits>
#include <vector>

#include "heddle/core/error.hpp"
#include "heddle/linalg/eigenvectors.hpp"
#include "heddle/linalg/solve.hpp"

namespace heddle {
namespace {

using Table = Eigen::ArrayXXd;
using ComplexTable = Eigen::ArrayXXcd;

/// −1 / (a_i + b_j).
ComplexTable reciprocals(const ComplexVector& a, const ComplexVector& b) {
    ComplexTable sums = a.replicate(1, b.size()).array();
    sums.rowwise() += b.transpose().array();
    return -sums.inverse();
}

}  // namespace

RealEigenbasis real_eigenbasis(const MatrixView& a) {
    const EigenDecomposition eigen = eigen_decomposition(a);
    std::vector<Index> reals, pairs;
    for (Index j = 0; j < eigen.values.size(); ++j) {
        if (eigen.values[j].imag() == 0.0) reals.push_back(j);
        if (eigen.values[j].imag() > 0.0) pairs.push_back(j);
    }
    RealEigenbasis basis{eigen.values(reals).real(), eigen.values(pairs), {}, {}, 0.0};
    basis.r.resize(a.rows(), a.cols());
    basis.r << eigen.right(Eigen::all, reals).real(), eigen.right(Eigen::all, pairs).real(),
        eigen.right(Eigen::all, pairs).imag();
    try {
        basis.inverse = heddle::solve(basis.r, Matrix::Identity(a.rows(), a.cols()));
        basis.condition = basis.r.norm() * basis.inverse.norm();
    } catch (const DomainError&) {
        basis.condition = std::numeric_limits<double>::infinity();
    }
    return basis;
}

DiagonalLyapunov::DiagonalLyapunov(const RealEigenbasis& basis)
    : reals_(basis.reals.size()), pairs_(basis.pairs.size()) {
    const ComplexVector real = basis.reals.cast<Complex>();
    const ComplexTable mixed = reciprocals(basis.pairs, real);
    const ComplexTable minus = reciprocals(basis.pairs, basis.pairs.conjugate());
    const ComplexTable plus = reciprocals(basis.pairs, basis.pairs);
    real_ = reciprocals(real, real).real();
    mixed_re_ = mixed.real(), mixed_im_ = mixed.imag();
    minus_re_ = minus.real(), minus_im_ = minus.imag();
    plus_re_ = plus.real(), plus_im_ = plus.imag();
}

// With K = (0 1; −1 0), Λ_i = Re λ_i + Im λ_i K. A 2 × 2 block is (α + β K) + (γ S + δ T) with
// S = diag(1, −1) and T = (0 1; 1 0); K multiplies α + i β and δ + i γ by i.
Matrix DiagonalLyapunov::solve(const MatrixView& c, double turn) const {
    Matrix x(c.rows(), c.cols());
    const Index m = reals_, h = pairs_;
    x.topLeftCorner(m, m).array() = c.topLeftCorner(m, m).array() * real_;

    const auto part = [&](auto& of, Index i, Index j) {
        return of.block(m + i * h, m + j * h, h, h);
    };
    const Table alpha = 0.5 * (part(c, 0, 0) + part(c, 1, 1)).array();
    const Table beta = 0.5 * (part(c, 0, 1) - part(c, 1, 0)).array();
    const Table gamma = 0.5 * (part(c, 0, 0) - part(c, 1, 1)).array();
    const Table delta = 0.5 * (part(c, 0, 1) + part(c, 1, 0)).array();
    const Table a = alpha * minus_re_ - turn * beta * minus_im_;
    const Table b = turn * alpha * minus_im_ + beta * minus_re_;
    const Table d = delta * plus_re_ - turn * gamma * plus_im_;
    const Table g = turn * delta * plus_im_ + gamma * plus_re_;
    part(x, 0, 0) = (a + g).matrix();
    part(x, 1, 1) = (a - g).matrix();
    part(x, 0, 1) = (b + d).matrix();
    part(x, 1, 0) = (d - b).matrix();

    const auto down = c.bottomLeftCorner(2 * h, m);
    const Table re = down.bottomRows(h).array(), im = down.topRows(h).array();
    x.bottomLeftCorner(h, m) = (re * mixed_re_ - turn * im * mixed_im_).matrix();
    x.block(m, 0, h, m) = (turn * re * mixed_im_ + im * mixed_re_).matrix();
    const auto right = c.topRightCorner(m, 2 * h);
    const Table across_re = right.rightCols(h).transpose().array();
    const Table across_im = right.leftCols(h).transpose().array();
    x.topRightCorner(m, h) =
        (across_re * mixed_re_ - turn * across_im * mixed_im_).matrix().transpose();
    x.block(0, m, m, h) =
        (turn * across_re * mixed_im_ + across_im * mixed_re_).matrix().transpose();
    return x;
}

}  // namespace heddle
