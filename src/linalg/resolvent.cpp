#include "heddle/linalg/resolvent.hpp"

#include <algorithm>
#include <limits>
#include <sstream>

#include "heddle/linalg/schur.hpp"
#include "heddle/linalg/split.hpp"
#include "linalg/checks.hpp"
#include "linalg/lapack.hpp"
#include "linalg/norms.hpp"
#include "linalg/shifted_solve.hpp"

namespace heddle {
namespace {

/// Columns solved at a time: enough for BLAS to run at full speed, few enough to bound the memory.
constexpr Index panel_columns = 128;

Matrix flip_transpose(const Matrix& a) {
    return a.transpose().reverse();
}

/// A = Q H Qᵀ with H upper Hessenberg; `h` holds A before and H after.
Matrix reduce_to_hessenberg(Matrix& h) {
    const int n = lapack::size(h.rows());
    const int ld = lapack::leading(n);
    const int one = 1;
    Vector tau(std::max(n - 1, 0));
    lapack::with_workspace([&](double* work, const int* lwork, int* info) {
        dgehrd_(&n, &one, &n, h.data(), &ld, tau.data(), work, lwork, info);
    });
    Matrix q = h;
    lapack::with_workspace([&](double* work, const int* lwork, int* info) {
        dorghr_(&n, &one, &n, q.data(), &ld, tau.data(), work, lwork, info);
    });
    for (Index j = 0; j + 2 < h.cols(); ++j) h.col(j).tail(h.rows() - j - 2).setZero();
    return q;
}

[[noreturn]] void throw_singular(const Complex& shift) {
    std::ostringstream text;
    text.precision(12);
    text << "shift " << shift.real() << (shift.imag() < 0 ? " - " : " + ") << std::abs(shift.imag())
         << "i is an eigenvalue of the matrix to working precision; others would work.";
    throw DomainError(text.str());
}

/// Σ |Re| + |Im| of every column; a NaN among them shows.
Vector column_sums(const Panel& panel) {
    const Index m = panel.cols() / 2;
    const Vector parts = panel.cwiseAbs().colwise().sum();
    return parts.head(m) + parts.tail(m);
}

}  // namespace

Resolvent::Resolvent(const MatrixView& a) : factor_(a), quasi_triangular_(false) {
    require_square(a, "a");
    require_finite(a, "a");
    q_ = reduce_to_hessenberg(factor_);
    flipped_ = flip_transpose(factor_);
}

Resolvent::Resolvent(const Schur& schur)
    : q_(schur.q), factor_(schur.t), flipped_(flip_transpose(schur.t)), quasi_triangular_(true) {
    require_square(schur.t, "schur.t");
    require_shape(schur.q, schur.t.rows(), schur.t.cols(), "schur.q");
}

void Resolvent::solve_reduced(const Matrix& factor, const ComplexVectorView& shifts,
                              Matrix& panel) const {
    const Vector before = column_sums(panel);
    const Index singular = quasi_triangular_ ? solve_quasi_triangular(factor, shifts, panel)
                                             : solve_hessenberg(factor, shifts, panel);
    if (singular >= 0) throw_singular(shifts[singular]);

    // Rounding A to within ε |A| changes x by ε |A| |(λ − A)⁻¹| of itself: refuse where that leaves
    // less than two digits. Written so that NaN is caught too.
    const double indistinct = 100 * std::numeric_limits<double>::epsilon() * one_norm(factor);
    const Vector after = column_sums(panel);
    for (Index j = 0; j < shifts.size(); ++j) {
        if (!(after[j] * indistinct <= before[j])) throw_singular(shifts[j]);
    }
}

ComplexMatrix Resolvent::solve_columns(const ComplexVectorView& shifts,
                                       const ComplexMatrixView& rotated, bool transposed) const {
    if (shifts.size() != rotated.cols()) {
        throw ShapeError("shifts",
                         "one for each of the " + std::to_string(rotated.cols()) + " columns of b",
                         std::to_string(shifts.size()));
    }
    require_shape(rotated, size(), rotated.cols(), "b");
    require_finite(shifts, "shifts");
    require_finite(rotated, "b");
    lapack::use_one_blas_thread();

    ComplexMatrix x(size(), rotated.cols());
    for (Index first = 0; first < rotated.cols(); first += panel_columns) {
        const Index m = std::min(panel_columns, rotated.cols() - first);
        Panel panel = split(rotated.middleCols(first, m));
        if (transposed) panel.colwise().reverseInPlace();
        solve_reduced(transposed ? flipped_ : factor_, shifts.segment(first, m), panel);
        if (transposed) panel.colwise().reverseInPlace();
        x.middleCols(first, m) = join(panel);
    }
    return x;
}

ComplexMatrix Resolvent::solve(const ComplexVectorView& shifts, const ComplexMatrixView& b) const {
    return rotate_back(solve_columns(shifts, rotate(b), false));
}

ComplexMatrix Resolvent::solve_transposed(const ComplexVectorView& shifts,
                                          const ComplexMatrixView& b) const {
    return rotate_back(solve_columns(shifts, rotate(b), true));
}

ComplexMatrix Resolvent::solve_rotated(const ComplexVectorView& shifts,
                                       const ComplexMatrixView& rotated) const {
    return solve_columns(shifts, rotated, false);
}

ComplexMatrix Resolvent::solve_transposed_rotated(const ComplexVectorView& shifts,
                                                  const ComplexMatrixView& rotated) const {
    return solve_columns(shifts, rotated, true);
}

ComplexMatrix Resolvent::solve_each(const ComplexVectorView& shifts, const MatrixView& b) const {
    require_shape(b, size(), b.cols(), "b");
    require_finite(b, "b");
    return rotate_back(solve_each_rotated(shifts, rotate(b)));
}

ComplexMatrix Resolvent::solve_each_rotated(const ComplexVectorView& shifts,
                                            const MatrixView& rotated) const {
    require_shape(rotated, size(), rotated.cols(), "rotated");
    require_finite(shifts, "shifts");
    require_finite(rotated, "rotated");
    lapack::use_one_blas_thread();

    const Index k = rotated.cols();
    const Index shifts_at_a_time = std::max<Index>(1, panel_columns / std::max<Index>(k, 1));
    ComplexMatrix x(size(), k * shifts.size());
    for (Index first = 0; first < shifts.size(); first += shifts_at_a_time) {
        const Index count = std::min(shifts_at_a_time, shifts.size() - first);
        const Index m = count * k;
        Panel panel = Panel::Zero(size(), 2 * m);
        ComplexVector repeated(m);
        for (Index i = 0; i < count; ++i) {
            panel.middleCols(i * k, k) = rotated;
            repeated.segment(i * k, k).setConstant(shifts[first + i]);
        }
        solve_reduced(factor_, repeated, panel);
        x.middleCols(first * k, m) = join(panel);
    }
    return x;
}

Matrix Resolvent::rotate(const MatrixView& b) const {
    require_shape(b, size(), b.cols(), "b");
    return q_.transpose() * b;
}

ComplexMatrix Resolvent::rotate(const ComplexMatrixView& b) const {
    return join(rotate(split(b)));
}

Matrix Resolvent::rotate_back(const MatrixView& x) const {
    require_shape(x, size(), x.cols(), "x");
    return q_ * x;
}

ComplexMatrix Resolvent::rotate_back(const ComplexMatrixView& x) const {
    return join(rotate_back(split(x)));
}

Index columns_with_shift_of(const ComplexVectorView& shifts, Index first) {
    Index last = first + 1;
    while (last < shifts.size() && shifts[last] == shifts[first]) ++last;
    return last - first;
}

}  // namespace heddle
