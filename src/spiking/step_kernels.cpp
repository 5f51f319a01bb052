#include "spiking/step_kernels.hpp"

#include "spiking/hazard.hpp"

namespace heddle::kernels {

HEDDLE_VECTORISE_WIDE void delta(std::size_t n, const SynapseColumns& c, float* __restrict cell,
                                 double* __restrict arrived, double* __restrict drive) {
    const double* __restrict on_v_arrival = c.on_v_arrival;
    for (std::size_t i = 0; i < n; ++i) {
        const double a = static_cast<double>(cell[i]);
        cell[i] = 0.0f;
        arrived[i] = a;
        drive[i] += on_v_arrival[i] * a;
    }
}

HEDDLE_VECTORISE_WIDE void exponential(std::size_t n, const SynapseColumns& c,
                                       float* __restrict cell, double* __restrict s,
                                       double* __restrict before, double* __restrict arrived,
                                       double* __restrict drive) {
    const double* __restrict keep = c.keep;
    const double* __restrict arrival = c.arrival;
    const double* __restrict on_v = c.on_v;
    const double* __restrict on_v_arrival = c.on_v_arrival;
    for (std::size_t i = 0; i < n; ++i) {
        const double a = static_cast<double>(cell[i]);
        const double s0 = s[i];
        cell[i] = 0.0f;
        arrived[i] = a;
        before[i] = s0;
        drive[i] += on_v[i] * s0 + on_v_arrival[i] * a;
        s[i] = keep[i] * s0 + arrival[i] * a;
    }
}

HEDDLE_VECTORISE_WIDE void alpha(std::size_t n, const SynapseColumns& c, float* __restrict cell,
                                 double* __restrict s, double* __restrict x,
                                 double* __restrict before, double* __restrict x_before,
                                 double* __restrict arrived, double* __restrict drive) {
    const double* __restrict keep = c.keep;
    const double* __restrict rise = c.rise;
    const double* __restrict arrival = c.arrival;
    const double* __restrict rise_arrival = c.rise_arrival;
    const double* __restrict on_v = c.on_v;
    const double* __restrict on_v_rise = c.on_v_rise;
    const double* __restrict on_v_arrival = c.on_v_arrival;
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
}

HEDDLE_VECTORISE_WIDE void conduct(std::size_t n, const double* __restrict mean, double potential,
                                   double* __restrict conductance, double* __restrict reversal) {
    for (std::size_t i = 0; i < n; ++i) {
        conductance[i] += mean[i];
        reversal[i] += mean[i] * potential;
    }
}

HEDDLE_VECTORISE_WIDE void adapt_current(std::size_t n, const double* __restrict keep,
                                         const double* __restrict on_v, double* __restrict u,
                                         double* __restrict before, double* __restrict drive) {
    for (std::size_t i = 0; i < n; ++i) {
        const double u0 = u[i];
        before[i] = u0;
        drive[i] -= on_v[i] * u0;
        u[i] = keep[i] * u0;
    }
}

HEDDLE_VECTORISE_WIDE void adapt_threshold(std::size_t n, const double* __restrict keep,
                                           double* __restrict g, double* __restrict before,
                                           double* __restrict theta) {
    for (std::size_t i = 0; i < n; ++i) {
        before[i] = g[i];
        g[i] = keep[i] * g[i];
        theta[i] += g[i];
    }
}

HEDDLE_VECTORISE_WIDE void membrane(std::size_t n, const double* __restrict v,
                                    const double* __restrict decay, const double* __restrict rest,
                                    const double* __restrict per_current, double current,
                                    const double* __restrict drive, double* __restrict out) {
    for (std::size_t i = 0; i < n; ++i)
        out[i] = decay[i] * v[i] + (rest[i] + per_current[i] * current + drive[i]);
}

HEDDLE_VECTORISE_WIDE void conducting_membrane(
    std::size_t n, const double* __restrict v, const double* __restrict leak,
    const double* __restrict rest, const double* __restrict capacitance, double current,
    double step, const double* __restrict drive, const double* __restrict conductance,
    const double* __restrict reversal, double* __restrict out) {
    for (std::size_t i = 0; i < n; ++i) {
        const double rate = leak[i] + conductance[i] / capacitance[i];
        const double pull = rest[i] + (current + drive[i] + reversal[i]) / capacitance[i];
        const double towards = pull / rate;
        out[i] = towards + (v[i] - towards) * elementary::exp(-rate * step);
    }
}

HEDDLE_VECTORISE_WIDE void add_scaled(std::size_t n, const double* __restrict scale,
                                      const double* __restrict y, double* __restrict x) {
    for (std::size_t i = 0; i < n; ++i) x[i] += scale[i] * y[i];
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
    const double* __restrict keep = c.keep;
    const double* __restrict on_v = c.on_v;
    const double* __restrict a = c.a;
    const double* __restrict b = c.b;
    const double* __restrict own = c.c;
    for (std::size_t i = 0; i < n; ++i) {
        v[i] += on_v[i] * x[i] + b[i] * first[i] + own[i] * second[i];
        x[i] = keep[i] * x[i] + a[i] * first[i];
    }
}

HEDDLE_VECTORISE_WIDE void cross(std::size_t n, const Decision& d, const double* __restrict theta) {
    double* __restrict v = d.v;
    const double* __restrict next = d.next;
    double* __restrict left = d.left;
    std::uint8_t* __restrict look = d.look;
    for (std::size_t i = 0; i < n; ++i) {
        const double wait = left[i];
        const bool free = wait <= 0.0;
        const bool above = next[i] >= theta[i];
        const bool part = (wait > 0.0) & (wait <= 1.0);
        const double watched = ((free & above) | part) ? 1.0 : 0.0;
        const double moves = free ? 1.0 - watched : 0.0;
        look[i] = watched > 0.0;
        v[i] = moves > 0.0 ? next[i] : v[i];
        left[i] = wait > 1.0 ? wait - 1.0 : wait;
    }
}

HEDDLE_VECTORISE_WIDE void cross_bridge(std::size_t n, const Decision& d,
                                        const double* __restrict theta,
                                        const double* __restrict variance,
                                        const std::uint32_t* __restrict words) {
    double* __restrict v = d.v;
    const double* __restrict next = d.next;
    double* __restrict left = d.left;
    std::uint8_t* __restrict look = d.look;
    for (std::size_t i = 0; i < n; ++i) {
        const double wait = left[i];
        const bool free = wait <= 0.0;
        const double exponent = -2.0 * (theta[i] - v[i]) * (theta[i] - next[i]) / variance[i];
        const double u = (static_cast<double>(words[i]) + 0.5) * 0x1p-32;
        const bool above = (next[i] >= theta[i]) | (u < elementary::exp(exponent));
        const bool part = (wait > 0.0) & (wait <= 1.0);
        const double watched = ((free & above) | part) ? 1.0 : 0.0;
        const double moves = free ? 1.0 - watched : 0.0;
        look[i] = watched > 0.0;
        v[i] = moves > 0.0 ? next[i] : v[i];
        left[i] = wait > 1.0 ? wait - 1.0 : wait;
    }
}

namespace {

// A pointer's promise not to overlap does not survive inlining, so each hazard has its own loop.
// Choices between computed numbers are sums with weights 0 and 1, which are exact: the compiler
// would move a computation into the branch of a condition, and keep the loop scalar.
#define HEDDLE_ESCAPE_KERNEL(name, form)                                                     \
    HEDDLE_VECTORISE_WIDE void name(std::size_t n, double keep, double share, double always, \
                                    double* __restrict v, const double* __restrict next,     \
                                    double* __restrict left, std::uint8_t* __restrict look,  \
                                    const HazardColumns& c) {                                \
        const double* __restrict theta = c.theta;                                            \
        const double* __restrict softness = c.softness;                                      \
        const double* __restrict scale = c.scale;                                            \
        const double* __restrict floor = c.floor;                                            \
        double* __restrict last = c.last;                                                    \
        double* __restrict to_go = c.to_go;                                                  \
        for (std::size_t i = 0; i < n; ++i) {                                                \
            const double wait = left[i];                                                     \
            const bool free = wait <= 0.0;                                                   \
            const bool part = (wait > 0.0) & (wait <= 1.0);                                  \
            const double counts = free ? 1.0 : 0.0;                                          \
            const double u = (next[i] - theta[i]) * softness[i];                             \
            const double now = counts * (scale[i] * hazard_shape<form>(u) + floor[i]);       \
            const double remains = to_go[i] - counts * (keep * last[i] + share * now);       \
            const double watched = ((free & (remains <= 0.0)) | part) ? 1.0 : 0.0;           \
            const double moves = 1.0 - watched;                                              \
            look[i] = watched > 0.0;                                                         \
            v[i] = (counts + always) * moves > 0.0 ? next[i] : v[i];                         \
            last[i] = watched * last[i] + moves * now;                                       \
            to_go[i] = watched * to_go[i] + moves * remains;                                 \
            left[i] = wait > 1.0 ? wait - 1.0 : wait;                                        \
        }                                                                                    \
    }

HEDDLE_ESCAPE_KERNEL(escape_exponential, Hazard::exponential)
HEDDLE_ESCAPE_KERNEL(escape_softplus, Hazard::softplus)
HEDDLE_ESCAPE_KERNEL(escape_sigmoid, Hazard::sigmoid)
HEDDLE_ESCAPE_KERNEL(escape_rectified, Hazard::rectified)

#undef HEDDLE_ESCAPE_KERNEL

}  // namespace

void escape(std::size_t n, Hazard hazard, bool trapezoid, bool reset, const Decision& d,
            const HazardColumns& c) {
    const auto kernel = hazard == Hazard::exponential ? escape_exponential
                        : hazard == Hazard::softplus  ? escape_softplus
                        : hazard == Hazard::sigmoid   ? escape_sigmoid
                                                      : escape_rectified;
    kernel(n, trapezoid ? 0.5 : 0.0, trapezoid ? 0.5 : 1.0, reset ? 0.0 : 1.0, d.v, d.next, d.left,
           d.look, c);
}

}  // namespace heddle::kernels
