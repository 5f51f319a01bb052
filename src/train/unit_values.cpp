#include "train/unit_values.hpp"

#include <algorithm>

#include "train/unit_kernels.hpp"

namespace heddle {
namespace {

using Kind = Response::Kind;

/// out_i = f(i); the kind of response is asked for once, not at every unit.
template <typename Function>
void fill(Index count, double* out, const Function& f) {
    for (Index i = 0; i < count; ++i) out[i] = f(i);
}

}  // namespace

void fill_rates(const ResponseCurve& curve, const double* x, Index count, double* rates) {
    switch (curve.kind()) {
        case Kind::linear:
            std::copy_n(x, count, rates);
            break;
        case Kind::rectified:
            fill(count, rates, [x](Index i) { return std::max(x[i], 0.0); });
            break;
        case Kind::tanh:
            fill_tanh(x, count, rates);
            break;
        case Kind::softplus:
            fill_softplus(x, count, rates);
            break;
        default:
            fill(count, rates, [&](Index i) { return curve.value(x[i]); });
    }
}

void fill_slopes(const ResponseCurve& curve, const double* x, const double* rates, Index count,
                 double* slopes) {
    switch (curve.kind()) {
        case Kind::linear:
            std::fill_n(slopes, count, 1.0);
            break;
        case Kind::rectified:
            fill(count, slopes, [x](Index i) { return x[i] > 0.0 ? 1.0 : 0.0; });
            break;
        case Kind::tanh:
            fill(count, slopes, [=](Index i) { return (1.0 - rates[i]) * (1.0 + rates[i]); });
            break;
        case Kind::softplus:
            fill_softplus_slope(x, count, slopes);
            break;
        default:
            fill(count, slopes, [&](Index i) { return curve.slope(x[i]); });
    }
}

}  // namespace heddle
