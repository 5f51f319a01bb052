#include "spectrum/pair_coordinates.hpp"

#include <numbers>

namespace heddle {
namespace {

constexpr double root2 = std::numbers::sqrt2;

}  // namespace

HalfSet half_of(const ComplexVectorView& values) {
    HalfSet set;
    for (const bool paired : {false, true})
        for (Index i = 0; i < values.size(); ++i)
            if (paired ? values(i).imag() > 0.0 : values(i).imag() == 0.0) {
                set.origin.push_back(i);
                ++(paired ? set.layout.pairs : set.layout.real);
            }
    set.values.resize(set.layout.half());
    for (Index i = 0; i < set.values.size(); ++i)
        set.values(i) = values(set.origin[static_cast<std::size_t>(i)]);
    return set;
}

ComplexVector full_of(const ComplexVectorView& half, PairLayout layout) {
    ComplexVector full(layout.full());
    full << half, half.tail(layout.pairs).conjugate();
    return full;
}

Vector real_of(const ComplexVectorView& half, PairLayout layout) {
    Vector real(layout.full());
    real << half.head(layout.real).real(), root2 * half.tail(layout.pairs).real(),
        root2 * half.tail(layout.pairs).imag();
    return real;
}

ComplexVector half_of_real(const VectorView& real, PairLayout layout) {
    ComplexVector half(layout.half());
    half.head(layout.real) = real.head(layout.real).cast<Complex>();
    half.tail(layout.pairs).real() = real.segment(layout.real, layout.pairs) / root2;
    half.tail(layout.pairs).imag() = real.tail(layout.pairs) / root2;
    return half;
}

Matrix real_form(const ComplexMatrixView& a, PairLayout rows, PairLayout columns) {
    const auto upper = a.middleCols(columns.real, columns.pairs);
    const auto lower = a.rightCols(columns.pairs);
    ComplexMatrix turned(a.rows(), a.cols());
    turned << a.leftCols(columns.real), (upper + lower) / root2,
        Complex(0.0, 1.0) * (upper - lower) / root2;
    Matrix form(rows.full(), columns.full());
    form << turned.topRows(rows.real).real(), root2 * turned.bottomRows(rows.pairs).real(),
        root2 * turned.bottomRows(rows.pairs).imag();
    return form;
}

void flip_rows(Matrix& a, PairLayout rows) {
    a.bottomRows(rows.pairs) *= -1.0;
}

void flip_columns(Matrix& a, PairLayout columns) {
    a.rightCols(columns.pairs) *= -1.0;
}

ComplexMatrix packed_columns(const MatrixView& a, PairLayout columns) {
    ComplexMatrix packed = a.leftCols(columns.half()).cast<Complex>();
    packed.rightCols(columns.pairs).imag() = -a.rightCols(columns.pairs);
    return packed;
}

Matrix unpacked_columns(const ComplexMatrixView& a, PairLayout columns) {
    Matrix unpacked(a.rows(), columns.full());
    unpacked << a.real(), -a.rightCols(columns.pairs).imag();
    return unpacked;
}

ComplexMatrix packed_rows(const MatrixView& a, PairLayout rows) {
    ComplexMatrix packed = a.topRows(rows.half()).cast<Complex>();
    packed.bottomRows(rows.pairs).imag() = a.bottomRows(rows.pairs);
    return packed;
}

Matrix unpacked_rows(const ComplexMatrixView& a, PairLayout rows) {
    Matrix unpacked(rows.full(), a.cols());
    unpacked << a.real(), a.bottomRows(rows.pairs).imag();
    return unpacked;
}

}  // namespace heddle
