#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "linalg/shifted_solve.hpp"
#include "linalg/sweep_kernels.hpp"

// Henry's sweep for (λ − H) x = b, H real upper Hessenberg. Rotations from the right turn the
// columns k − 1 and k of M = λ − H, from the last pair to the first, into an upper triangular R.
// Only the column that is being rotated is held, and the last few columns of R, which
// back-substitution then uses up together, by a product. H is read once and never written.

namespace heddle {
namespace {

/// What turns the columns (m, v) = (k − 1, k) into (w m − a v, a m + w̄ v), the latter being R's; a
/// is real.
struct Rotation {
    double a;
    double re;  ///< Re w.
    double im;  ///< Im w.
};

/// R's columns gathered before they are used up: enough for BLAS, few enough for the cache.
constexpr Index block_columns = 32;

double length(double a, double b, double c) {
    const double squared = a * a + b * b + c * c;
    const bool safe = squared > 1e-280 && squared < 1e280;
    return safe ? std::sqrt(squared) : std::hypot(a, b, c);
}

/// The systems that share one shift, b as `split` has it: shape (n, 2 c), in place.
class Sweep {
  public:
    Sweep(const Matrix& h, Complex shift, Eigen::Ref<Panel> b)
        : h_(h),
          shift_(shift),
          b_(b),
          count_(b.cols() / 2),
          v_(h.rows(), 2),
          rotations_(static_cast<std::size_t>(h.rows())) {}

    /// \return false if the matrix is singular.
    [[nodiscard]] bool solve() {
        const Index n = h_.rows();
        v_.col(0) = -h_.col(n - 1);
        v_.col(1).setZero();
        v_(n - 1, 0) += shift_.real();
        v_(n - 1, 1) = shift_.imag();
        if (!sweep()) return false;
        const Complex pivot(v_(0, 0), v_(0, 1));
        if (std::abs(pivot) <= std::numeric_limits<double>::min()) return false;
        for (Index j = 0; j < count_; ++j) finish(j, pivot);
        return true;
    }

  private:
    [[nodiscard]] bool sweep() {
        Matrix columns(h_.rows(), 2 * block_columns);  // R's, real parts and imaginary parts.
        Matrix solved(2 * block_columns, 2 * count_);  // Their unknowns, as columns · solved needs.
        for (Index last = h_.rows() - 1; last > 0;) {
            const Index first = std::max<Index>(1, last - block_columns + 1);
            const Index width = last - first + 1;
            for (Index k = last; k >= first; --k) {
                if (!eliminate(k)) return false;
                gather(k, columns.col(last - k), columns.col(width + last - k));
                keep(k, last - k, width, solved);
                use_up(k, first, columns.col(last - k), columns.col(width + last - k));
            }
            b_.topRows(first).noalias() -=
                columns.topLeftCorner(first, 2 * width) * solved.topRows(2 * width);
            last = first - 1;
        }
        return true;
    }

    /// The rotation of the columns k − 1 and k, and the unknown that stands in row k.
    [[nodiscard]] bool eliminate(Index k) {
        const double below = -h_(k, k - 1);
        const double r = length(below, v_(k, 0), v_(k, 1));
        if (r <= std::numeric_limits<double>::min()) return false;
        rotations_[static_cast<std::size_t>(k)] = {below / r, v_(k, 0) / r, v_(k, 1) / r};
        b_.row(k) /= r;
        return true;
    }

    /// R's column above its diagonal.
    void gather(Index k, Eigen::Ref<Vector> re, Eigen::Ref<Vector> im) {
        const Rotation& g = rotations_[static_cast<std::size_t>(k)];
        sweep_column(k, h_.col(k - 1).data(), -g.a, g.re, g.im, v_.col(0).data(), v_.col(1).data(),
                     re.data(), im.data());
        add_shift_to_v(k - 1, g);
        re[k - 1] += g.a * shift_.real();
        im[k - 1] += g.a * shift_.imag();
    }

    void keep(Index k, Index place, Index width, Matrix& solved) const {
        const auto re = b_.row(k).head(count_);
        const auto im = b_.row(k).tail(count_);
        solved.row(place) << re, im;
        solved.row(width + place) << -im, re;
    }

    /// In the rows of the block's own unknowns, at once: the next of them depends on it.
    void use_up(Index k, Index first, const Eigen::Ref<const Vector>& re,
                const Eigen::Ref<const Vector>& im) {
        for (Index j = 0; j < count_; ++j)
            subtract_multiple(k - first, b_(k, j), b_(k, count_ + j), re.data() + first,
                              im.data() + first, b_.col(j).data() + first,
                              b_.col(count_ + j).data() + first);
    }

    void add_shift_to_v(Index row, const Rotation& g) {
        v_(row, 0) += g.re * shift_.real() - g.im * shift_.imag();
        v_(row, 1) += g.re * shift_.imag() + g.im * shift_.real();
    }

    /// The last unknown, then the rotations from the first to the last.
    void finish(Index j, Complex pivot) {
        double* re = b_.col(j).data();
        double* im = b_.col(count_ + j).data();
        Complex carried = Complex(re[0], im[0]) / pivot;
        for (Index k = 1; k < h_.rows(); ++k) {
            const Rotation& g = rotations_[static_cast<std::size_t>(k)];
            const Complex w(g.re, g.im);
            const Complex here(re[k], im[k]);
            const Complex above = w * carried + g.a * here;
            carried = std::conj(w) * here - g.a * carried;
            re[k - 1] = above.real();
            im[k - 1] = above.imag();
        }
        re[h_.rows() - 1] = carried.real();
        im[h_.rows() - 1] = carried.imag();
    }

    const Matrix& h_;
    Complex shift_;
    Eigen::Ref<Panel> b_;
    Index count_;
    Matrix v_;  ///< The column being rotated: real parts, imaginary parts.
    std::vector<Rotation> rotations_;
};

}  // namespace

Index solve_hessenberg(const Matrix& h, const ComplexVectorView& shifts, Panel& panel) {
    const Index m = shifts.size();
    if (h.rows() == 0) return -1;
    Panel b;
    for (Index first = 0; first < m;) {
        const Index count = columns_with_shift_of(shifts, first);
        b.resize(h.rows(), 2 * count);
        b << panel.middleCols(first, count), panel.middleCols(m + first, count);
        if (!Sweep(h, shifts[first], b).solve()) return first;
        panel.middleCols(first, count) = b.leftCols(count);
        panel.middleCols(m + first, count) = b.rightCols(count);
        first += count;
    }
    return -1;
}

}  // namespace heddle
