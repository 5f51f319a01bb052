#include "spectrum/eigen_state.hpp"

#include <cmath>
#include <numbers>
#include <span>
#include <utility>

#include "heddle/core/error.hpp"
#include "heddle/core/random.hpp"
#include "heddle/linalg/eigenvectors.hpp"
#include "heddle/linalg/solve.hpp"

namespace heddle {
namespace {

constexpr double root2 = std::numbers::sqrt2;

/// Rows times R, half form.
ComplexMatrix times_right(const EigenBase& base, const MatrixView& rows) {
    ComplexMatrix half = packed_columns(rows * base.right, base.layout);
    half.rightCols(base.layout.pairs) /= root2;
    return half;
}

/// L times columns, as rows in half form. L has lost the digits that R's condition takes; one step
/// of refinement makes R (L x) equal to x again, and so the loop that is opened the one asked for.
ComplexMatrix times_left(const EigenBase& base, const MatrixView& columns) {
    Matrix product = base.left * columns;
    product += base.left * (columns - base.right * product);
    ComplexMatrix rows(columns.cols(), base.layout.half());
    for (Index k = 0; k < columns.cols(); ++k)
        rows.row(k) = half_of_real(product.col(k), base.layout).transpose();
    return rows;
}

void append(ComplexMatrix& rows, const ComplexMatrix& more) {
    ComplexMatrix both(rows.rows() + more.rows(), rows.cols());
    both << rows, more;
    rows = std::move(both);
}

void erase_rows(ComplexMatrix& rows, Index first, Index count) {
    const Index after = rows.rows() - first - count;
    ComplexMatrix rest(rows.rows() - count, rows.cols());
    rest << rows.topRows(first), rows.bottomRows(after);
    rows = std::move(rest);
}

void append_column(Matrix& columns, const VectorView& column) {
    columns.conservativeResize(column.size(), columns.cols() + 1);
    columns.rightCols(1) = column;
}

Matrix random_projections(Index n) {
    Matrix sketch(sketch_rows, n);
    Random(0x6865).fill_normal({sketch.data(), static_cast<std::size_t>(sketch.size())});
    return sketch / std::sqrt(static_cast<double>(sketch_rows));
}

}  // namespace

std::shared_ptr<const EigenBase> eigen_base(Matrix weights, double tolerance) {
    const Index n = weights.rows();
    const EigenDecomposition all = eigen_decomposition(weights);
    const HalfSet set = half_of(all.values);
    EigenBase base{std::move(weights), set.layout,           set.values, {}, {}, 0.0,
                   tolerance,          random_projections(n)};
    ComplexMatrix half = all.right(Eigen::all, set.origin);
    half.rightCols(set.layout.pairs) *= root2;
    base.right = unpacked_columns(half, set.layout);
    try {
        base.left = solve(base.right, Matrix::Identity(n, n));
    } catch (const DomainError&) {
        throw DomainError(
            "network: its weights have no basis of eigenvectors; closed_spectrum works without "
            "one, and so would a small random change of the weights");
    }
    base.condition = base.right.norm() * base.left.norm() / static_cast<double>(n);
    return std::make_shared<const EigenBase>(std::move(base));
}

EigenState closed_state(std::shared_ptr<const EigenBase> base) {
    const Index n = base->weights.rows();
    Matrix rows(2 * sketch_rows, n);
    rows << base->sketch, base->sketch * base->weights;
    EigenState state{base, {}, Matrix(n, 0), Matrix(n, 0), base->layout, base->values, {}, {}};
    state.rows = {times_right(*base, rows), times_left(*base, base->sketch.transpose())};
    return state;
}

void await(EigenState& state, const Loops& loops) {
    LinkRows rows{times_right(*state.base, loops.v.transpose()), times_left(*state.base, loops.u)};
    for (const auto& link : state.links) rows = through(*link, rows);
    append(state.rows.right, rows.right);
    append(state.rows.left, rows.left);
}

void open_next(EigenState& state, const MatrixView& u, const MatrixView& v) {
    const Index open = static_cast<Index>(state.links.size());
    const ComplexVector a = state.rows.left.row(sketch_rows).transpose();
    const ComplexVector b = state.rows.right.row(2 * sketch_rows + open).transpose();
    state.links.push_back(
        std::make_shared<const CauchyLink>(cauchy_link(state.values, state.layout, a, b)));
    const CauchyLink& link = *state.links.back();
    erase_rows(state.rows.left, sketch_rows, 1);
    state.rows = through(link, state.rows);
    state.layout = link.roots.layout;
    state.values = link.roots.values;
    append_column(state.u, u);
    append_column(state.v, v);
}

void forget_next(EigenState& state, Index count) {
    const Index open = static_cast<Index>(state.links.size());
    erase_rows(state.rows.left, sketch_rows, count);
    erase_rows(state.rows.right, 2 * sketch_rows + open, count);
}

Matrix right_of(const EigenState& state, ComplexMatrix c) {
    for (auto link = state.links.rbegin(); link != state.links.rend(); ++link)
        c = spread_right(**link, c);
    Matrix real(state.base->layout.full(), c.cols());
    for (Index k = 0; k < c.cols(); ++k) real.col(k) = real_of(c.col(k), state.base->layout);
    return state.base->right * real;
}

Matrix left_of(const EigenState& state, ComplexMatrix c) {
    for (auto link = state.links.rbegin(); link != state.links.rend(); ++link)
        c = spread_left(**link, c);
    Matrix real(state.base->layout.full(), c.cols());
    for (Index k = 0; k < c.cols(); ++k) real.col(k) = real_of(c.col(k), state.base->layout);
    flip_rows(real, state.base->layout);
    return state.base->left.transpose() * real;
}

}  // namespace heddle
