#include <algorithm>

#include "spectrum/cauchy_block.hpp"

namespace heddle {
namespace {

/// Rows over the poles in full form, each pole's column times its weight: real parts, then
/// imaginary parts.
Matrix weighted(const ComplexMatrixView& rows, const ComplexVector& weights) {
    const ComplexMatrix all = rows * weights.asDiagonal();
    Matrix parts(2 * rows.rows(), rows.cols());
    parts << all.real(), all.imag();
    return parts;
}

ComplexMatrix full_rows(const ComplexMatrixView& rows, PairLayout layout) {
    ComplexMatrix full(rows.rows(), layout.full());
    full << rows, rows.rightCols(layout.pairs).conjugate();
    return full;
}

/// Rows times the basis of each group of coinciding poles, or its inverse transposed.
ComplexMatrix turned(ComplexMatrix rows, const std::vector<PoleGroup>& groups, bool right) {
    for (const PoleGroup& group : groups) {
        const ComplexMatrix part = rows(Eigen::all, group.members);
        rows(Eigen::all, group.members) =
            right ? ComplexMatrix(part * group.t) : ComplexMatrix(part * group.inverse.transpose());
    }
    return rows;
}

/// The inverse of `turned`, on columns over the poles.
ComplexMatrix turned_back(ComplexMatrix columns, const std::vector<PoleGroup>& groups, bool right) {
    for (const PoleGroup& group : groups) {
        const ComplexMatrix part = columns(group.members, Eigen::all);
        columns(group.members, Eigen::all) =
            right ? ComplexMatrix(group.t * part) : ComplexMatrix(group.inverse.transpose() * part);
    }
    return columns;
}

/// (2 m, n) parts times a block of columns: complex, shape (m, count).
ComplexMatrix times_block(const Matrix& parts, const CauchyBlock& block, Index count) {
    const Index m = parts.rows() / 2;
    const Matrix re = parts * block.real(count), im = parts * block.imag(count);
    ComplexMatrix product(m, count);
    product.real() = re.topRows(m) - im.bottomRows(m);
    product.imag() = im.topRows(m) + re.bottomRows(m);
    return product;
}

void rescale(ComplexMatrix& spread, const ComplexMatrix& rows, const CauchyScale& scale,
             const std::vector<Index>& pole) {
    for (Index i = 0; i < spread.cols(); ++i)
        spread.col(i) = spread.col(i) * scale.spread(i) +
                        rows.col(pole[static_cast<std::size_t>(i)]) * scale.at_pole(i);
}

/// Real roots have real rows; rounding next to complex poles is not to say otherwise.
void clean(ComplexMatrix& rows, PairLayout layout) {
    rows.leftCols(layout.real).imag().setZero();
}

/// Adds Σ_i c_i / (z_i − λ_j) over the roots first … last − 1; blocks without coefficients cost
/// nothing.
void add_columns(CauchyBlock& block, const ComplexMatrix& c, Index first, Index last, Matrix& re,
                 Matrix& im) {
    for (Index i = first; i < last; i += CauchyBlock::most) {
        const Index count = std::min(CauchyBlock::most, last - i);
        const ComplexMatrix part = c.middleRows(i, count);
        if (part.isZero(0.0)) continue;
        block.fill(i, count);
        re += block.real(count) * part.real() - block.imag(count) * part.imag();
        im += block.real(count) * part.imag() + block.imag(count) * part.real();
    }
}

/// Σ_i c_i x_ji over the roots first … last − 1, for the poles in full form.
ComplexMatrix spread_part(const CauchyLink& link, const ComplexVector& weights,
                          const CauchyScale& scale, const ComplexMatrixView& c, Index first,
                          Index last) {
    CauchyBlock block(link);
    Matrix re = Matrix::Zero(weights.size(), c.cols()), im = re;
    add_columns(block, scale.spread.asDiagonal() * c, first, last, re, im);
    ComplexMatrix full(re.rows(), re.cols());
    full.real() = re;
    full.imag() = im;
    full = weights.asDiagonal() * full;
    for (Index i = first; i < last; ++i)
        full.row(link.roots.pole[static_cast<std::size_t>(i)]) += scale.at_pole(i) * c.row(i);
    return full;
}

/// Σ_i c_i x_ji in half form, closed under conjugation as the c are.
ComplexMatrix spread(const CauchyLink& link, const ComplexVector& weights, const CauchyScale& scale,
                     const ComplexMatrixView& c, bool right) {
    const PairLayout roots = link.roots.layout, poles = link.layout;
    const ComplexMatrix of_pairs = spread_part(link, weights, scale, c, roots.real, roots.half());
    ComplexMatrix half = spread_part(link, weights, scale, c, 0, roots.real).topRows(poles.half()) +
                         of_pairs.topRows(poles.half());
    // A pair adds its own share and, through its mirror image, that at the mirrored pole.
    half.topRows(poles.real) += of_pairs.topRows(poles.real).conjugate();
    half.bottomRows(poles.pairs) += of_pairs.bottomRows(poles.pairs).conjugate();
    return turned_back(std::move(half), link.groups, right);
}

}  // namespace

LinkRows through(const CauchyLink& link, const LinkRows& rows) {
    const Index half = link.roots.layout.half();
    const ComplexMatrix right = full_rows(turned(rows.right, link.groups, true), link.layout);
    const ComplexMatrix left = full_rows(turned(rows.left, link.groups, false), link.layout);
    const Matrix right_parts = weighted(right, link.a), left_parts = weighted(left, link.b);
    LinkRows result{ComplexMatrix(right.rows(), half), ComplexMatrix(left.rows(), half)};
    CauchyBlock block(link);
    for (Index i = 0; i < half; i += CauchyBlock::most) {
        const Index count = std::min(CauchyBlock::most, half - i);
        block.fill(i, count);
        result.right.middleCols(i, count) = times_block(right_parts, block, count);
        result.left.middleCols(i, count) = times_block(left_parts, block, count);
    }
    rescale(result.right, right, link.right, link.roots.pole);
    rescale(result.left, left, link.left, link.roots.pole);
    clean(result.right, link.roots.layout);
    clean(result.left, link.roots.layout);
    return result;
}

ComplexMatrix spread_right(const CauchyLink& link, const ComplexMatrixView& c) {
    return spread(link, link.a, link.right, c, true);
}

ComplexMatrix spread_left(const CauchyLink& link, const ComplexMatrixView& c) {
    return spread(link, link.b, link.left, c, false);
}

}  // namespace heddle
