#include <algorithm>

#include "spectrum/cauchy_block.hpp"

namespace heddle {
namespace {

/// Xᵀ or Y with half rows and all columns, shape (half, n).
ComplexMatrix vectors_in_rows(const CauchyLink& link, const ComplexVector& weights,
                              const CauchyScale& scale) {
    const Index half = link.roots.layout.half(), n = weights.size();
    ComplexMatrix rows(half, n);
    CauchyBlock block(link);
    for (Index first = 0; first < half; first += CauchyBlock::most) {
        const Index count = std::min(CauchyBlock::most, half - first);
        block.fill(first, count);
        rows.middleRows(first, count).real() = block.real(count).transpose();
        rows.middleRows(first, count).imag() = block.imag(count).transpose();
    }
    rows = scale.spread.asDiagonal() * rows * weights.asDiagonal();
    for (Index i = 0; i < half; ++i)
        rows(i, link.roots.pole[static_cast<std::size_t>(i)]) = scale.at_pole(i);
    return rows;
}

void turn_columns(ComplexMatrix& rows, const CauchyLink& link, bool right) {
    const PairLayout layout = link.layout;
    for (const PoleGroup& group : link.groups) {
        const ComplexMatrix turn = right ? ComplexMatrix(group.t.transpose()) : group.inverse;
        const ComplexMatrix part = rows(Eigen::all, group.members);
        rows(Eigen::all, group.members) = part * turn;
        if (group.members[0] < layout.real) continue;
        std::vector<Index> lower = group.members;
        for (Index& j : lower) j += layout.pairs;
        const ComplexMatrix mirrored = rows(Eigen::all, lower);
        rows(Eigen::all, lower) = mirrored * turn.conjugate();
    }
}

}  // namespace

Matrix right_matrix(const CauchyLink& link) {
    ComplexMatrix rows = vectors_in_rows(link, link.a, link.right);
    turn_columns(rows, link, true);
    Matrix form = real_form(rows, link.roots.layout, link.layout);
    flip_rows(form, link.roots.layout);
    flip_columns(form, link.layout);
    return form.transpose();
}

Matrix left_matrix(const CauchyLink& link) {
    ComplexMatrix rows = vectors_in_rows(link, link.b, link.left);
    turn_columns(rows, link, false);
    return real_form(rows, link.roots.layout, link.layout);
}

}  // namespace heddle
