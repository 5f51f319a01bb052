#include "spiking/coefficient.hpp"
#include "spiking/exponential_flow.hpp"

namespace heddle::kernels {

HEDDLE_VECTORISE_WIDE void linear_half(std::size_t n, const LinearFlowColumns& c,
                                       double shared_current, const double* __restrict drive,
                                       const ExponentialPairs& x) {
    const double* v = x.v;
    const double* w = x.w;
    double* next_v = x.next_v;
    double* next_w = x.next_w;
    with_coefficients(c.v_of_v, [&](auto of) HEDDLE_INLINE_LAMBDA {
        const auto v_of_v = of(c.v_of_v);
        const auto v_of_w = of(c.v_of_w);
        const auto v_of_current = of(c.v_of_current);
        const auto v_add = of(c.v_add);
        const auto w_of_v = of(c.w_of_v);
        const auto w_of_w = of(c.w_of_w);
        const auto w_of_current = of(c.w_of_current);
        const auto w_add = of(c.w_add);
        HEDDLE_INDEPENDENT
        for (std::size_t i = 0; i < n; ++i) {
            const double v0 = v[i];
            const double w0 = w[i];
            const double current = shared_current + drive[i];
            next_v[i] = v_of_v[i] * v0 + (v_of_w[i] * w0 + (v_of_current[i] * current + v_add[i]));
            next_w[i] = w_of_w[i] * w0 + (w_of_v[i] * v0 + (w_of_current[i] * current + w_add[i]));
        }
    });
}

HEDDLE_VECTORISE_WIDE void conducting_half(std::size_t n, double duration,
                                           const ExponentialColumns& c, double shared_current,
                                           const double* __restrict drive,
                                           const double* __restrict conductance,
                                           const double* __restrict reversal,
                                           const ExponentialPairs& x) {
    const double* v = x.v;
    const double* w = x.w;
    double* next_v = x.next_v;
    double* next_w = x.next_w;
    with_coefficients(c.leak, [&](auto of) HEDDLE_INLINE_LAMBDA {
        const auto elastance = of(c.elastance);
        const auto leak = of(c.leak);
        const auto pull = of(c.pull);
        const auto coupling = of(c.coupling);
        const auto w_rest = of(c.w_rest);
        const auto w_rate = of(c.w_rate);
        HEDDLE_INDEPENDENT
        for (std::size_t i = 0; i < n; ++i) {
            const LinearCell cell{elastance[i],
                                  leak[i] + conductance[i],
                                  pull[i] + shared_current + drive[i] + reversal[i],
                                  coupling[i],
                                  w_rest[i],
                                  w_rate[i]};
            const ExponentialState next = linear_flow(cell, {v[i], w[i]}, duration);
            next_v[i] = next.v;
            next_w[i] = next.w;
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

HEDDLE_VECTORISE_WIDE void exponential_decide(std::size_t n, const Decision& d,
                                              const ExponentialColumns& c,
                                              const double* __restrict fires,
                                              const double* __restrict next_w,
                                              double* __restrict w) {
    double* __restrict v = d.v;
    const double* __restrict next = d.next;
    double* __restrict left = d.left;
    double* __restrict look = d.look;
    with_coefficients(c.peak, [&](auto of) HEDDLE_INLINE_LAMBDA {
        const auto peak = of(c.peak);
        const auto held_keep = of(c.held_keep);
        const auto held_add = of(c.held_add);
        HEDDLE_INDEPENDENT
        for (std::size_t i = 0; i < n; ++i) {
            const double wait = left[i];
            const double counts = wait <= 0.0 ? 1.0 : 0.0;
            const double waits = wait > 1.0 ? 1.0 : 0.0;
            const double above = next[i] >= peak[i] ? 1.0 : fires[i];
            const double moves = counts * (1.0 - above);
            const double watched = 1.0 - moves - waits;
            const double held = held_keep[i] * w[i] + held_add[i];
            look[i] = watched;
            v[i] = moves > 0.0 ? next[i] : v[i];
            w[i] = watched * w[i] + (moves * next_w[i] + waits * held);
            left[i] = wait - waits;
        }
    });
}

HEDDLE_VECTORISE_WIDE void quadratic_step(std::size_t n, double shared_current,
                                          Column step_over_tau, Column eta,
                                          const double* __restrict drive, double* __restrict v,
                                          double* __restrict look) {
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
            look[i] = watched;
            v[i] = watched > 0.0 ? v[i] : next;
        }
    });
}

}  // namespace heddle::kernels
