#include "spiking/exponential_flow.hpp"
#include "spiking/step_kernels.hpp"

namespace heddle::kernels {

HEDDLE_VECTORISE_WIDE void linear_half(std::size_t n, double duration, const ExponentialColumns& c,
                                       double shared_current, const double* __restrict drive,
                                       const double* __restrict conductance,
                                       const double* __restrict reversal, double* __restrict v,
                                       double* __restrict w) {
    const double* __restrict elastance = c.elastance;
    const double* __restrict leak = c.leak;
    const double* __restrict rest = c.rest;
    const double* __restrict coupling = c.coupling;
    const double* __restrict w_rest = c.w_rest;
    const double* __restrict w_rate = c.w_rate;
    const double* __restrict own = c.current;
    for (std::size_t i = 0; i < n; ++i) {
        const LinearCell cell{elastance[i],
                              leak[i] + conductance[i],
                              leak[i] * rest[i] + own[i] + shared_current + drive[i] + reversal[i],
                              coupling[i],
                              w_rest[i],
                              w_rate[i]};
        const ExponentialState x = linear_flow(cell, {v[i], w[i]}, duration);
        v[i] = x.v;
        w[i] = x.w;
    }
}

HEDDLE_VECTORISE_WIDE void exponential_rise(std::size_t n, double duration,
                                            const ExponentialColumns& c, double* __restrict v,
                                            double* __restrict fires) {
    const double* __restrict rate = c.rise_rate;
    const double* __restrict threshold = c.threshold;
    const double* __restrict softness = c.softness;
    const double* __restrict slope = c.slope;
    const double* __restrict last = c.at_peak;
    for (std::size_t i = 0; i < n; ++i) {
        const double growth = elementary::exp((v[i] - threshold[i]) * softness[i]);
        const double remains = 1.0 - duration * rate[i] * growth;
        fires[i] = remains <= growth * last[i] ? 1.0 : 0.0;
        // Where V would pass the peak the logarithm is not used.
        v[i] -= slope[i] * elementary::log(remains > 1e-300 ? remains : 1.0);
    }
}

HEDDLE_VECTORISE_WIDE void exponential_decide(std::size_t n, const Decision& d,
                                              const double* __restrict peak,
                                              const double* __restrict fires,
                                              const double* __restrict next_w,
                                              double* __restrict w) {
    double* __restrict v = d.v;
    const double* __restrict next = d.next;
    const double* __restrict left = d.left;
    std::uint8_t* __restrict look = d.look;
    for (std::size_t i = 0; i < n; ++i) {
        const bool watched = (left[i] > 0.0) | (fires[i] > 0.0) | (next[i] >= peak[i]);
        look[i] = watched;
        v[i] = watched ? v[i] : next[i];
        w[i] = watched ? w[i] : next_w[i];
    }
}

HEDDLE_VECTORISE_WIDE void quadratic_step(std::size_t n, double shared_current,
                                          const double* __restrict step_over_tau,
                                          const double* __restrict eta,
                                          const double* __restrict drive, double* __restrict v,
                                          std::uint8_t* __restrict look) {
    for (std::size_t i = 0; i < n; ++i) {
        const double input = eta[i] + shared_current + drive[i];
        const double r = step_over_tau[i];
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
}

}  // namespace heddle::kernels
