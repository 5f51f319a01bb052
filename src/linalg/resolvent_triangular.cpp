#include <algorithm>
#include <limits>

#include "core/vectorise.hpp"
#include "linalg/shifted_solve.hpp"

// Back-substitution for (λ_j − T) x_j = b_j with a shift for each column. The diagonal blocks
// differ between columns, but what a solved block of rows does to the rows above is the same real
// matrix for all: one product.

namespace heddle {
namespace {

constexpr Index block_rows = 64;

/// b += x t for the rows of one diagonal block above the one just solved; t real, x complex.
HEDDLE_VECTORISE void add_multiple(Index n, double x_re, double x_im, const double* __restrict t,
                                   double* __restrict b_re, double* __restrict b_im) {
    for (Index i = 0; i < n; ++i) {
        b_re[i] += x_re * t[i];
        b_im[i] += x_im * t[i];
    }
}

/// (λ − T) on a 1 × 1 or 2 × 2 diagonal block, inverted by elimination with row exchange.
class PivotBlock {
  public:
    PivotBlock(const Matrix& t, Index row, Complex shift)
        : size_(row > 0 && t(row, row - 1) != 0.0 ? 2 : 1) {
        if (size_ == 1) {
            last_ = shift - t(row, row);
            return;
        }
        const Index k = row - 1;
        Complex top[2] = {shift - t(k, k), -t(k, row)};
        Complex bottom[2] = {-t(row, k), shift - t(row, row)};
        exchanged_ = std::abs(bottom[0]) > std::abs(top[0]);
        if (exchanged_) std::swap(top, bottom);
        first_ = top[0];
        beside_ = top[1];
        factor_ = bottom[0] / first_;
        last_ = bottom[1] - factor_ * beside_;
    }

    [[nodiscard]] Index size() const { return size_; }

    [[nodiscard]] bool singular() const {
        const double tiny = std::numeric_limits<double>::min();
        return std::abs(last_) <= tiny || (size_ == 2 && std::abs(first_) <= tiny);
    }

    /// Solves in place for the rows that end at re[0], im[0].
    void solve(double* re, double* im) const {
        if (size_ == 1) return set(re, im, Complex(*re, *im) / last_);
        Complex top(re[-1], im[-1]);
        Complex bottom(re[0], im[0]);
        if (exchanged_) std::swap(top, bottom);
        const Complex second = (bottom - factor_ * top) / last_;
        set(re, im, second);
        set(re - 1, im - 1, (top - beside_ * second) / first_);
    }

  private:
    static void set(double* re, double* im, Complex value) {
        *re = value.real();
        *im = value.imag();
    }

    Index size_;
    bool exchanged_ = false;
    Complex first_;
    Complex beside_;
    Complex factor_;
    Complex last_;
};

/// Solves the rows [first, last) of the columns [column, column + count), which share a shift.
bool solve_rows(const Matrix& t, Index first, Index last, Complex shift, Index column, Index count,
                Panel& panel) {
    const Index m = panel.cols() / 2;
    for (Index row = last - 1; row >= first;) {
        const PivotBlock pivot(t, row, shift);
        if (pivot.singular()) return false;
        const Index above = row - pivot.size() + 1 - first;
        for (Index j = column; j < column + count; ++j) {
            double* re = panel.col(j).data();
            double* im = panel.col(m + j).data();
            pivot.solve(re + row, im + row);
            for (Index k = row; k > row - pivot.size(); --k) {
                add_multiple(above, re[k], im[k], t.col(k).data() + first, re + first, im + first);
            }
        }
        row -= pivot.size();
    }
    return true;
}

/// Where a block of rows that ends before `last` begins: never inside a 2 × 2 block.
Index block_start(const Matrix& t, Index last) {
    const Index first = std::max<Index>(0, last - block_rows);
    return first > 0 && t(first, first - 1) != 0.0 ? first - 1 : first;
}

}  // namespace

Index solve_quasi_triangular(const Matrix& t, const ComplexVectorView& shifts, Panel& panel) {
    for (Index last = t.rows(); last > 0;) {
        const Index first = block_start(t, last);
        for (Index j = 0; j < shifts.size();) {
            const Index count = columns_with_shift_of(shifts, j);
            if (!solve_rows(t, first, last, shifts[j], j, count, panel)) return j;
            j += count;
        }
        panel.topRows(first).noalias() +=
            t.block(0, first, first, last - first) * panel.middleRows(first, last - first);
        last = first;
    }
    return -1;
}

}  // namespace heddle
