#include <cmath>
#include <limits>
#include <vector>

#include "linalg/shifted_solve.hpp"
#include "linalg/sweep_kernels.hpp"

// Henry's sweep for (λ − H) x = b, H real upper Hessenberg. Rotations from the right turn the
// columns k − 1 and k of M = λ − H, from the last pair to the first, into an upper triangular R.
// Only the column that is being rotated is held, so R is never stored: as soon as a column of R is
// known, back-substitution uses it up, and H is read once and never written.

namespace heddle {
namespace {

/// What turns the columns (m, v) = (k − 1, k) into (w m − a v, a m + w̄ v), the latter being R's; a
/// is real.
struct Rotation {
    double a;
    double re;  ///< Re w.
    double im;  ///< Im w.
};

/// A complex vector in two real ones.
struct Split {
    double* re;
    double* im;
};

double length(double a, double b, double c) {
    const double squared = a * a + b * b + c * c;
    const bool safe = squared > 1e-280 && squared < 1e280;
    return safe ? std::sqrt(squared) : std::hypot(a, b, c);
}

/// The systems that share one shift.
class Sweep {
  public:
    Sweep(const Matrix& h, Complex shift)
        : h_(h),
          shift_(shift),
          v_(h.rows(), 2),
          y_(h.rows(), 2),
          rotations_(static_cast<std::size_t>(h.rows())) {}

    /// \return false if the matrix is singular.
    [[nodiscard]] bool solve(const std::vector<Split>& b) {
        const Index n = h_.rows();
        v_.col(0) = -h_.col(n - 1);
        v_.col(1).setZero();
        v_(n - 1, 0) += shift_.real();
        v_(n - 1, 1) = shift_.imag();
        for (Index k = n - 1; k > 0; --k) {
            if (!eliminate(k, b)) return false;
        }
        const Complex pivot(v_(0, 0), v_(0, 1));
        if (std::abs(pivot) <= std::numeric_limits<double>::min()) return false;
        for (const Split& column : b) finish(column, pivot);
        return true;
    }

  private:
    bool eliminate(Index k, const std::vector<Split>& b) {
        const double below = -h_(k, k - 1);
        const double r = length(below, v_(k, 0), v_(k, 1));
        if (r <= std::numeric_limits<double>::min()) return false;
        const Rotation g{below / r, v_(k, 0) / r, v_(k, 1) / r};
        rotations_[static_cast<std::size_t>(k)] = g;
        for (const Split& column : b) {
            column.re[k] /= r;
            column.im[k] /= r;
        }
        if (b.size() == 1)
            sweep_one_side(k, g, b.front());
        else
            sweep_many(k, g, b);
        return true;
    }

    // The kernels see the column of −H; its diagonal entry carries the shift as well.
    void sweep_one_side(Index k, const Rotation& g, const Split& b) {
        sweep_one(k, h_.col(k - 1).data(), -g.a, g.re, g.im, b.re[k], b.im[k], v_.col(0).data(),
                  v_.col(1).data(), b.re, b.im);
        add_shift_to_v(k - 1, g);
        const Complex x(b.re[k], b.im[k]);
        const Complex part = x * (g.a * shift_);
        b.re[k - 1] -= part.real();
        b.im[k - 1] -= part.imag();
    }

    void sweep_many(Index k, const Rotation& g, const std::vector<Split>& b) {
        double* y_re = y_.col(0).data();
        double* y_im = y_.col(1).data();
        sweep_column(k, h_.col(k - 1).data(), -g.a, g.re, g.im, v_.col(0).data(), v_.col(1).data(),
                     y_re, y_im);
        add_shift_to_v(k - 1, g);
        y_re[k - 1] += g.a * shift_.real();
        y_im[k - 1] += g.a * shift_.imag();
        for (const Split& column : b) {
            subtract_multiple(k, column.re[k], column.im[k], y_re, y_im, column.re, column.im);
        }
    }

    void add_shift_to_v(Index row, const Rotation& g) {
        v_(row, 0) += g.re * shift_.real() - g.im * shift_.imag();
        v_(row, 1) += g.re * shift_.imag() + g.im * shift_.real();
    }

    /// The last unknown, then the rotations from the first to the last.
    void finish(const Split& b, Complex pivot) const {
        Complex carried = Complex(b.re[0], b.im[0]) / pivot;
        for (Index k = 1; k < h_.rows(); ++k) {
            const Rotation& g = rotations_[static_cast<std::size_t>(k)];
            const Complex w(g.re, g.im);
            const Complex here(b.re[k], b.im[k]);
            const Complex above = w * carried + g.a * here;
            carried = std::conj(w) * here - g.a * carried;
            b.re[k - 1] = above.real();
            b.im[k - 1] = above.imag();
        }
        b.re[h_.rows() - 1] = carried.real();
        b.im[h_.rows() - 1] = carried.imag();
    }

    const Matrix& h_;
    Complex shift_;
    Matrix v_;  ///< The column being rotated: real parts, imaginary parts.
    Matrix y_;
    std::vector<Rotation> rotations_;
};

}  // namespace

Index solve_hessenberg(const Matrix& h, const ComplexVectorView& shifts, Panel& panel) {
    const Index m = shifts.size();
    if (h.rows() == 0) return -1;
    for (Index first = 0; first < m;) {
        const Index count = columns_with_shift_of(shifts, first);
        std::vector<Split> columns;
        for (Index j = first; j < first + count; ++j) {
            columns.push_back({panel.col(j).data(), panel.col(m + j).data()});
        }
        if (!Sweep(h, shifts[first]).solve(columns)) return first;
        first += count;
    }
    return -1;
}

}  // namespace heddle
