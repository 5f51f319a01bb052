#include "spiking/step_kernels.hpp"

#include "circuit/hazard.hpp"
#include "spiking/coefficient.hpp"

namespace heddle::kernels {

HEDDLE_VECTORISE_WIDE void delta(std::size_t n, const SynapseColumns& c, float* __restrict cell,
                                 double* __restrict arrived, double* __restrict drive) {
    with_coefficients(c.on_v_arrival, [&](auto of) HEDDLE_INLINE_LAMBDA {
        const auto on_v_arrival = of(c.on_v_arrival);
        HEDDLE_INDEPENDENT
        for (std::size_t i = 0; i < n; ++i) {
            const double a = static_cast<double>(cell[i]);
            cell[i] = 0.0f;
            arrived[i] = a;
            drive[i] += on_v_arrival[i] * a;
        }
    });
}

HEDDLE_VECTORISE_WIDE void exponential(std::size_t n, const SynapseColumns& c,
                                       float* __restrict cell, double* __restrict s,
                                       double* __restrict before, double* __restrict arrived,
                                       double* __restrict drive) {
    with_coefficients(c.keep, [&](auto of) HEDDLE_INLINE_LAMBDA {
        const auto keep = of(c.keep);
        const auto arrival = of(c.arrival);
        const auto on_v = of(c.on_v);
        const auto on_v_arrival = of(c.on_v_arrival);
        HEDDLE_INDEPENDENT
        for (std::size_t i = 0; i < n; ++i) {
            const double a = static_cast<double>(cell[i]);
            const double s0 = s[i];
            cell[i] = 0.0f;
            arrived[i] = a;
            before[i] = s0;
            drive[i] += on_v[i] * s0 + on_v_arrival[i] * a;
            s[i] = keep[i] * s0 + arrival[i] * a;
        }
    });
}

HEDDLE_VECTORISE_WIDE void alpha(std::size_t n, const SynapseColumns& c, float* __restrict cell,
                                 double* __restrict s, double* __restrict x,
                                 double* __restrict before, double* __restrict x_before,
                                 double* __restrict arrived, double* __restrict drive) {
    with_coefficients(c.keep, [&](auto of) HEDDLE_INLINE_LAMBDA {
        const auto keep = of(c.keep);
        const auto rise = of(c.rise);
        const auto arrival = of(c.arrival);
        const auto rise_arrival = of(c.rise_arrival);
        const auto on_v = of(c.on_v);
        const auto on_v_rise = of(c.on_v_rise);
        const auto on_v_arrival = of(c.on_v_arrival);
        HEDDLE_INDEPENDENT
        for (std::size_t i = 0; i < n; ++i) {
            const double a = static_cast<double>(cell[i]);
            const double s0 = s[i];
            const double x0 = x[i];
            cell[i] = 0.0f;
            arrived[i] = a;
            before[i] = s0;
            x_before[i] = x0;
            drive[i] += on_v[i] * s0 + on_v_rise[i] * x0 + on_v_arrival[i] * a;
            s[i] = keep[i] * s0 + rise[i] * x0 + arrival[i] * a;
            x[i] = keep[i] * x0 + rise_arrival[i] * a;
        }
    });
}

HEDDLE_VECTORISE_WIDE void conduct(std::size_t n, const double* __restrict mean, double potential,
                                   double* __restrict conductance, double* __restrict reversal) {
    for (std::size_t i = 0; i < n; ++i) {
        conductance[i] += mean[i];
        reversal[i] += mean[i] * potential;
    }
}

HEDDLE_VECTORISE_WIDE void adapt_current(std::size_t n, Column keep, Column on_v,
                                         double* __restrict u, double* __restrict before,
                                         double* __restrict drive) {
    with_coefficients(keep, [&](auto of) HEDDLE_INLINE_LAMBDA {
        const auto k = of(keep);
        const auto to_v = of(on_v);
        HEDDLE_INDEPENDENT
        for (std::size_t i = 0; i < n; ++i) {
            const double u0 = u[i];
            before[i] = u0;
            drive[i] -= to_v[i] * u0;
            u[i] = k[i] * u0;
        }
    });
}

HEDDLE_VECTORISE_WIDE void adapt_threshold(std::size_t n, Column keep, double* __restrict g,
                                           double* __restrict before, double* __restrict theta) {
    with_coefficients(keep, [&](auto of) HEDDLE_INLINE_LAMBDA {
        const auto k = of(keep);
        HEDDLE_INDEPENDENT
        for (std::size_t i = 0; i < n; ++i) {
            const double g0 = g[i];
            const double g1 = k[i] * g0;
            before[i] = g0;
            g[i] = g1;
            theta[i] += g1;
        }
    });
}

HEDDLE_VECTORISE_WIDE void membrane(std::size_t n, const double* __restrict v, Column decay,
                                    Column rest, Column per_current, double current,
                                    const double* __restrict drive, double* __restrict out) {
    with_coefficients(decay, [&](auto of) HEDDLE_INLINE_LAMBDA {
        const auto d = of(decay);
        const auto r = of(rest);
        const auto per = of(per_current);
        HEDDLE_INDEPENDENT
        for (std::size_t i = 0; i < n; ++i)
            out[i] = d[i] * v[i] + (r[i] + per[i] * current + drive[i]);
    });
}

HEDDLE_VECTORISE_WIDE void conducting_membrane(std::size_t n, const double* __restrict v,
                                               Column leak, Column rest, Column capacitance,
                                               double current, double step,
                                               const double* __restrict drive,
                                               const double* __restrict conductance,
                                               const double* __restrict reversal,
                                               double* __restrict out) {
    with_coefficients(leak, [&](auto of) HEDDLE_INLINE_LAMBDA {
        const auto g = of(leak);
        const auto r = of(rest);
        const auto c = of(capacitance);
        HEDDLE_INDEPENDENT
        for (std::size_t i = 0; i < n; ++i) {
            const double rate = g[i] + conductance[i] / c[i];
            const double pull = r[i] + (current + drive[i] + reversal[i]) / c[i];
            const double towards = pull / rate;
            out[i] = towards + (v[i] - towards) * elementary::exp(-rate * step);
        }
    });
}

HEDDLE_VECTORISE_WIDE void conducting_noise(std::size_t n, Column intensity, Column leak,
                                            Column capacitance, double step,
                                            const double* __restrict conductance,
                                            const double* __restrict normal,
                                            double* __restrict out) {
    with_coefficients(leak, [&](auto of) HEDDLE_INLINE_LAMBDA {
        const auto s = of(intensity);
        const auto g = of(leak);
        const auto c = of(capacitance);
        HEDDLE_INDEPENDENT
        for (std::size_t i = 0; i < n; ++i) {
            const double rate = g[i] + conductance[i] / c[i];
            const double gone = 1.0 - elementary::exp(-2.0 * rate * step);
            out[i] += std::sqrt(0.5 * s[i] * gone / rate) * normal[i];
        }
    });
}

HEDDLE_VECTORISE_WIDE void spread(std::size_t n, Column value, double* __restrict out) {
    with_coefficients(value, [&](auto of) HEDDLE_INLINE_LAMBDA {
        const auto v = of(value);
        HEDDLE_INDEPENDENT
        for (std::size_t i = 0; i < n; ++i) out[i] = v[i];
    });
}

HEDDLE_VECTORISE_WIDE void add_scaled(std::size_t n, Column scale, const double* __restrict y,
                                      double* __restrict x) {
    with_coefficients(scale, [&](auto of) HEDDLE_INLINE_LAMBDA {
        const auto a = of(scale);
        HEDDLE_INDEPENDENT
        for (std::size_t i = 0; i < n; ++i) x[i] += a[i] * y[i];
    });
}

HEDDLE_VECTORISE_WIDE void any_of_blocks(const double* __restrict look, std::size_t blocks,
                                         std::uint64_t* __restrict flags) {
    for (std::size_t b = 0; b < blocks; ++b) {
        std::uint64_t any = 0;
        for (std::size_t k = 0; k < block; ++k)
            any |= std::bit_cast<std::uint64_t>(look[block * b + k]);
        flags[b] = any;
    }
}

HEDDLE_VECTORISE_WIDE void add_counts(std::size_t n, float weight,
                                      const std::uint32_t* __restrict count,
                                      float* __restrict cell) {
    for (std::size_t i = 0; i < n; ++i)
        cell[i] += weight * static_cast<float>(static_cast<std::int32_t>(count[i]));
}

HEDDLE_VECTORISE_WIDE void count_thresholds(std::size_t n, const std::uint32_t* __restrict words,
                                            const std::uint32_t* __restrict thresholds,
                                            std::size_t many, std::uint32_t* __restrict count) {
    for (std::size_t i = 0; i < n; ++i) count[i] = 0;
    for (std::size_t k = 0; k < many; ++k) {
        const std::uint32_t threshold = thresholds[k];
        for (std::size_t i = 0; i < n; ++i) count[i] += words[i] >= threshold ? 1u : 0u;
    }
}

HEDDLE_VECTORISE_WIDE void filtered_noise(std::size_t n, const NoiseColumns& c,
                                          const double* __restrict first,
                                          const double* __restrict second, double* __restrict x,
                                          double* __restrict v) {
    with_coefficients(c.keep, [&](auto of) HEDDLE_INLINE_LAMBDA {
        const auto keep = of(c.keep);
        const auto on_v = of(c.on_v);
        const auto a = of(c.a);
        const auto b = of(c.b);
        const auto own = of(c.c);
        HEDDLE_INDEPENDENT
        for (std::size_t i = 0; i < n; ++i) {
            v[i] += on_v[i] * x[i] + b[i] * first[i] + own[i] * second[i];
            x[i] = keep[i] * x[i] + a[i] * first[i];
        }
    });
}

HEDDLE_VECTORISE_WIDE void cross(std::size_t n, const Decision& d, const double* __restrict theta) {
    double* __restrict v = d.v;
    const double* __restrict next = d.next;
    double* __restrict left = d.left;
    double* __restrict look = d.look;
    for (std::size_t i = 0; i < n; ++i) {
        const double wait = left[i];
        const bool free = wait <= 0.0;
        const bool above = next[i] >= theta[i];
        const bool part = (wait > 0.0) & (wait <= 1.0);
        const double watched = ((free & above) | part) ? 1.0 : 0.0;
        const double moves = free ? 1.0 - watched : 0.0;
        look[i] = watched;
        v[i] = moves > 0.0 ? next[i] : v[i];
        left[i] = wait > 1.0 ? wait - 1.0 : wait;
    }
}

HEDDLE_VECTORISE_WIDE void cross_bridge(std::size_t n, const Decision& d,
                                        const double* __restrict theta, Column variance,
                                        const std::uint32_t* __restrict words) {
    double* __restrict v = d.v;
    const double* __restrict next = d.next;
    double* __restrict left = d.left;
    double* __restrict look = d.look;
    with_coefficients(variance, [&](auto of) HEDDLE_INLINE_LAMBDA {
        const auto var = of(variance);
        HEDDLE_INDEPENDENT
        for (std::size_t i = 0; i < n; ++i) {
            const double wait = left[i];
            const bool free = wait <= 0.0;
            const double exponent = -2.0 * (theta[i] - v[i]) * (theta[i] - next[i]) / var[i];
            const double u = (static_cast<double>(words[i]) + 0.5) * 0x1p-32;
            const bool above = (next[i] >= theta[i]) | (u < elementary::exp(exponent));
            const bool part = (wait > 0.0) & (wait <= 1.0);
            const double watched = ((free & above) | part) ? 1.0 : 0.0;
            const double moves = free ? 1.0 - watched : 0.0;
            look[i] = watched;
            v[i] = moves > 0.0 ? next[i] : v[i];
            left[i] = wait > 1.0 ? wait - 1.0 : wait;
        }
    });
}

// Choices between computed numbers are sums with weights 0 and 1, which are exact: the compiler
// would move a computation into the branch of a condition, and keep the loop scalar.
HEDDLE_VECTORISE_WIDE void escape(std::size_t n, Hazard hazard, bool trapezoid, bool reset,
                                  const Decision& d, const HazardColumns& c) {
    const double share = trapezoid ? 0.5 : 1.0;
    const double always = reset ? 0.0 : 1.0;
    const double* __restrict theta = c.theta;
    double* __restrict to_go = c.to_go;
    double* __restrict v = d.v;
    const double* __restrict next = d.next;
    double* __restrict left = d.left;
    double* __restrict look = d.look;
    with_hazard(hazard, [&](auto shape) HEDDLE_INLINE_LAMBDA {
        with_coefficients(c.scale, [&](auto of) HEDDLE_INLINE_LAMBDA {
            const auto softness = of(c.softness);
            const auto scale = of(c.scale);
            const auto floor = of(c.floor);
            HEDDLE_INDEPENDENT
            for (std::size_t i = 0; i < n; ++i) {
                const double wait = left[i];
                const double remains = to_go[i];
                const bool part = (wait > 0.0) & (wait <= 1.0);
                const double counts = wait <= 0.0 ? 1.0 : 0.0;
                const double u = (next[i] - theta[i]) * softness[i];
                const double now = counts * shape.above(scale[i] * shape(u), floor[i]);
                const double watched = ((remains - share * now <= 0.0) | part) ? 1.0 : 0.0;
                const double moves = 1.0 - watched;
                look[i] = watched;
                v[i] = (counts + always) * moves > 0.0 ? next[i] : v[i];
                to_go[i] = remains - moves * now;
                left[i] = wait > 1.0 ? wait - 1.0 : wait;
            }
        });
    });
}

}  // namespace heddle::kernels
