#include "spiking/coefficient.hpp"
#include "spiking/exponential_flow.hpp"

namespace heddle::kernels {

HEDDLE_VECTORISE_WIDE void linear_half(std::size_t n, double duration, const ExponentialColumns& c,
                                       double shared_current, const double* __restrict drive,
                                       const double* __restrict conductance,
                                       const double* __restrict reversal, double* __restrict v,
                                       double* __restrict w) {
    with_coefficients(c.leak, [&](auto of) HEDDLE_INLINE_LAMBDA {
        const auto elastance = of(c.elastance);
        const auto leak = of(c.leak);
        const auto rest = of(c.rest);
        const auto coupling = of(c.coupling);
        const auto w_rest = of(c.w_rest);
        const auto w_rate = of(c.w_rate);
        const auto own = of(c.current);
        HEDDLE_INDEPENDENT
        for (std::size_t i = 0; i < n; ++i) {
            const LinearCell cell{
                elastance[i],
                leak[i] + conductance[i],
                leak[i] * rest[i] + own[i] + shared_current + drive[i] + reversal[i],
                coupling[i],
                w_rest[i],
                w_rate[i]};
            const ExponentialState x = linear_flow(cell, {v[i], w[i]}, duration);
            v[i] = x.v;
            w[i] = x.w;
        }
    });
}

HEDDLE_VECTORISE_WIDE void exponential_rise(std::size_t n, double duration,
                                            const ExponentialColumns& c, double* __restrict v,
                                            double* __restrict fires) {
    with_coefficients(c.slope, [&](auto of) HEDDLE_INLINE_LAMBDA {
        const auto rate = of(c.rise_rate);
        const auto threshold = of(c.threshold);
        const auto softness = of(c.softness);
        const auto slope = of(c.slope);
        const auto last = of(c.at_peak);
        HEDDLE_INDEPENDENT
        for (std::size_t i = 0; i < n; ++i) {
            const double growth = elementary::exp((v[i] - threshold[i]) * softness[i]);
            const double remains = 1.0 - duration * rate[i] * growth;
            fires[i] = remains <= growth * last[i] ? 1.0 : 0.0;
            // Where V would pass the peak the logarithm is not used.
            v[i] -= slope[i] * elementary::log(remains > 1e-300 ? remains : 1.0);
        }
    });
}

HEDDLE_VECTORISE_WIDE void exponential_decide(std::size_t n, const Decision& d, Column peak,
                                              const double* __restrict fires,
                                              const double* __restrict next_w,
                                              double* __restrict w) {
    double* __restrict v = d.v;
    const double* __restrict next = d.next;
    const double* __restrict left = d.left;
    std::uint8_t* __restrict look = d.look;
    with_coefficients(peak, [&](auto of) HEDDLE_INLINE_LAMBDA {
        const auto top = of(peak);
        HEDDLE_INDEPENDENT
        for (std::size_t i = 0; i < n; ++i) {
            const bool watched = (left[i] > 0.0) | (fires[i] > 0.0) | (next[i] >= top[i]);
            look[i] = watched;
            v[i] = watched ? v[i] : next[i];
            w[i] = watched ? w[i] : next_w[i];
        }
    });
}

HEDDLE_VECTORISE_WIDE void quadratic_step(std::size_t n, double shared_current,
                                          Column step_over_tau, Column eta,
                                          const double* __restrict drive, double* __restrict v,
                                          std::uint8_t* __restrict look) {
    with_coefficients(eta, [&](auto of) HEDDLE_INLINE_LAMBDA {
        const auto ratio = of(step_over_tau);
        const auto own = of(eta);
        HEDDLE_INDEPENDENT
        for (std::size_t i = 0; i < n; ++i) {
            const double input = own[i] + shared_current + drive[i];
            const double r = ratio[i];
            // cos φ and sin φ / φ as entire functions of φ² = z, of a quarter of the angle.
            const double z = input * r * r * 0.0625;
            double c = 1.0 / 6402373705728000.0;
            c = std::fma(-z, c, 1.0 / 20922789888000.0);
            c = std::fma(-z, c, 1.0 / 87178291200.0);
            c = std::fma(-z, c, 1.0 / 479001600.0);
            c = std::fma(-z, c, 1.0 / 3628800.0);
            c = std::fma(-z, c, 1.0 / 40320.0);
            c = std::fma(-z, c, 1.0 / 720.0);
            c = std::fma(-z, c, 1.0 / 24.0);
            c = std::fma(-z, c, 0.5);
            c = std::fma(-z, c, 1.0);
            double s = 1.0 / 355687428096000.0;
            s = std::fma(-z, s, 1.0 / 1307674368000.0);
            s = std::fma(-z, s, 1.0 / 6227020800.0);
            s = std::fma(-z, s, 1.0 / 39916800.0);
            s = std::fma(-z, s, 1.0 / 362880.0);
            s = std::fma(-z, s, 1.0 / 5040.0);
            s = std::fma(-z, s, 1.0 / 120.0);
            s = std::fma(-z, s, 1.0 / 6.0);
            s = std::fma(-z, s, 1.0);
            const double s2 = s * c;
            const double c2 = 2.0 * c * c - 1.0;
            const double cosine = 2.0 * c2 * c2 - 1.0;
            const double sine = s2 * c2 * r;
            const double below = cosine - v[i] * sine;
            const double next = (v[i] * cosine + input * sine) / below;
            const bool far = (z > 0.6) | (z < -0.6);
            const double watched = ((below <= 0.0) | far) ? 1.0 : 0.0;
            look[i] = watched > 0.0;
            v[i] = watched > 0.0 ? v[i] : next;
        }
    });
}

}  // namespace heddle::kernels
