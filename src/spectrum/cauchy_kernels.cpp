#include "spectrum/cauchy_kernels.hpp"

#include "core/vectorise.hpp"
#include "spectrum/lanes.hpp"

namespace heddle {
namespace {

HEDDLE_VECTORISE void fill(std::size_t n, const double* pole_re, const double* pole_im,
                           Complex base, Complex shift, double* re, double* im) {
    const double b_re = base.real(), b_im = base.imag(), s_re = shift.real(), s_im = shift.imag();
    for (std::size_t j = 0; j < n; j += lanes) {
        const Lanes x = (b_re - *reinterpret_cast<const StoredLanes*>(pole_re + j)) + s_re;
        const Lanes y = (b_im - *reinterpret_cast<const StoredLanes*>(pole_im + j)) + s_im;
        const Lanes q = x * x + y * y;
        const Lanes m = q > 0.0 ? 1.0 / q : Lanes{};
        *reinterpret_cast<StoredLanes*>(re + j) = x * m;
        *reinterpret_cast<StoredLanes*>(im + j) = -(y * m);
    }
}

HEDDLE_VECTORISE void add(std::size_t n, const double* re, const double* im, const double* d_re,
                          const double* d_im, const double* w, Lanes* out) {
    Lanes sums[5] = {};
    for (std::size_t j = 0; j < n; j += lanes) {
        const Lanes x = *reinterpret_cast<const StoredLanes*>(re + j);
        const Lanes y = *reinterpret_cast<const StoredLanes*>(im + j);
        const Lanes u = *reinterpret_cast<const StoredLanes*>(d_re + j);
        const Lanes v = *reinterpret_cast<const StoredLanes*>(d_im + j);
        const Lanes t_re = u * x - v * y, t_im = u * y + v * x;
        sums[0] += t_re;
        sums[1] += t_im;
        sums[2] += t_re * x - t_im * y;
        sums[3] += t_re * y + t_im * x;
        sums[4] += *reinterpret_cast<const StoredLanes*>(w + j) * (x * x + y * y);
    }
    for (int k = 0; k < 5; ++k) out[k] = sums[k];
}

}  // namespace

void cauchy_column(std::size_t n, const double* pole_re, const double* pole_im, Complex base,
                   Complex shift, double* re, double* im) {
    fill(n, pole_re, pole_im, base, shift, re, im);
}

ColumnSums column_sums(std::size_t n, const double* re, const double* im, const double* d_re,
                       const double* d_im, const double* w) {
    Lanes out[5];
    add(n, re, im, d_re, d_im, w, out);
    return {{total(out[0]), total(out[1])}, {total(out[2]), total(out[3])}, total(out[4])};
}

}  // namespace heddle
