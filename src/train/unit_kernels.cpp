#include "train/unit_kernels.hpp"

#include <algorithm>
#include <cmath>

#include "circuit/elementary.hpp"
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

}  // namespace

HEDDLE_VECTORISE_WIDE void fill_tanh(const double* __restrict x, Index count,
                                     double* __restrict out) {
    for (Index i = 0; i < count; ++i) {
        const double near = tanh_near_zero(x[i]), far = tanh_far(x[i]);
        out[i] = std::abs(x[i]) < 0.625 ? near : far;
    }
}

}  // namespace heddle
