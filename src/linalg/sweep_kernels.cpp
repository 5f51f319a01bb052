#include "linalg/sweep_kernels.hpp"

#include "core/vectorise.hpp"

namespace heddle {

HEDDLE_VECTORISE void sweep_column(Index n, const double* __restrict h, double s, double w_re,
                                   double w_im, double* __restrict v_re, double* __restrict v_im,
                                   double* __restrict y_re, double* __restrict y_im) {
    for (Index i = 0; i < n; ++i) {
        const double hi = h[i];
        const double re = v_re[i];
        const double im = v_im[i];
        y_re[i] = s * hi + (w_re * re + w_im * im);
        y_im[i] = w_re * im - w_im * re;
        v_re[i] = s * re - w_re * hi;
        v_im[i] = s * im - w_im * hi;
    }
}

HEDDLE_VECTORISE void subtract_multiple(Index n, double x_re, double x_im,
                                        const double* __restrict y_re,
                                        const double* __restrict y_im, double* __restrict b_re,
                                        double* __restrict b_im) {
    for (Index i = 0; i < n; ++i) {
        b_re[i] -= x_re * y_re[i] - x_im * y_im[i];
        b_im[i] -= x_re * y_im[i] + x_im * y_re[i];
    }
}

}  // namespace heddle
