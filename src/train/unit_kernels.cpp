#include "train/unit_kernels.hpp"

#include <algorithm>
#include <cmath>

#include "core/elementary.hpp"
#include "core/vectorise.hpp"

namespace heddle {
namespace {

/// x + x³ P(x²) / Q(x²) for |x| < 0.625, the rational function of Cephes (Moshier, tanh.c).
HEDDLE_INLINE double tanh_near_zero(double x) {
    const double z = x * x;
    double p = std::fma(-9.64399179425052238628e-1, z, -9.92877231001918586564e1);
    p = std::fma(p, z, -1.61468768441708447952e3);
    double q = z + 1.12811678491632931402e2;
    q = std::fma(q, z, 2.23548839060100448583e3);
    q = std::fma(q, z, 4.84406305325125486048e3);
    return std::fma(x * z, p / q, x);
}

/// 1 − 2 / (e^{2|x|} + 1) with the sign of x; 1 to rounding from 20 on.
HEDDLE_INLINE double tanh_far(double x) {
    const double size = std::min(std::abs(x), 20.0);
    return std::copysign(1.0 - 2.0 / (elementary::exp(2.0 * size) + 1.0), x);
}

/// e^{−|x|}; next to nothing beyond 708.
HEDDLE_INLINE double exp_of_minus_size(double x) {
    return elementary::exp(-std::min(std::abs(x), 750.0));
}

/// ln(1 + e) for 0 ≤ e ≤ 1: what rounding of 1 + e lost is put back to first order.
HEDDLE_INLINE double log_of_one_and(double e) {
    const double sum = 1.0 + e;
    return elementary::log(sum) + (e - (sum - 1.0)) / sum;
}

}  // namespace

HEDDLE_VECTORISE_WIDE void fill_tanh(const double* __restrict x, Index count,
                                     double* __restrict out) {
    for (Index i = 0; i < count; ++i) {
        const double near = tanh_near_zero(x[i]), far = tanh_far(x[i]);
        out[i] = std::abs(x[i]) < 0.625 ? near : far;
    }
}

HEDDLE_VECTORISE_WIDE void fill_softplus(const double* __restrict x, Index count,
                                         double* __restrict out) {
    for (Index i = 0; i < count; ++i) {
        const double e = exp_of_minus_size(x[i]);
        out[i] = std::max(x[i], 0.0) + log_of_one_and(e);
    }
}

HEDDLE_VECTORISE_WIDE void fill_softplus_slope(const double* __restrict x, Index count,
                                               double* __restrict out) {
    for (Index i = 0; i < count; ++i) {
        const double e = exp_of_minus_size(x[i]);
        out[i] = (x[i] > 0.0 ? 1.0 : e) / (1.0 + e);
    }
}

}  // namespace heddle
