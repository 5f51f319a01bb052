#include "population/noise_kernels.hpp"

#include <cmath>

#include "circuit/hazard.hpp"

namespace heddle::kernels {
namespace {

constexpr double root_three = 1.7320508075688772;
constexpr double nothing = 1e-9;  // mV²: neurons do not differ.

/// Where the pair of colours p ≤ q is.
constexpr std::size_t pair_of(std::size_t p, std::size_t q) {
    return p + q;
}

/// Sums over some neurons of one cohort: of 1, V, V², x, V x and x x', as in `Survivors`.
template <std::size_t P>
struct Sums {
    double zeroth, v, vv;
    std::array<double, P> x, vx;
    std::array<double, P*(P + 1) / 2> xx;
};

/// After a step of membrane and noise.
template <std::size_t P>
HEDDLE_INLINE Sums<P> moved(const Sums<P>& from, const NoiseStep& by) {
    Sums<P> to = from;
    to.v *= by.keep;
    to.vv *= by.keep * by.keep;
    HEDDLE_UNROLL
    for (std::size_t p = 0; p < P; ++p) {
        const Colour& one = by.colour[p];
        double pulled = 0.0;  // Of x with what V gains.
        HEDDLE_UNROLL
        for (std::size_t q = 0; q < P; ++q) pulled += by.colour[q].on_v * from.xx[pair_of(p, q)];
        to.v += one.on_v * from.x[p];
        to.vv += one.on_v * (2.0 * by.keep * from.vx[p] + pulled);
        to.x[p] = one.keep * from.x[p];
        to.vx[p] = one.keep * (by.keep * from.vx[p] + pulled);
        HEDDLE_UNROLL
        for (std::size_t q = p; q < P; ++q)
            to.xx[pair_of(p, q)] = one.keep * by.colour[q].keep * from.xx[pair_of(p, q)];
    }
    return to;
}

/// Of V and x + slope V in place of V and x.
template <std::size_t P>
HEDDLE_INLINE Sums<P> sheared(const Sums<P>& from, const std::array<double, P>& slope) {
    Sums<P> to = from;
    HEDDLE_UNROLL
    for (std::size_t p = 0; p < P; ++p) {
        to.x[p] += slope[p] * from.v;
        to.vx[p] += slope[p] * from.vv;
        HEDDLE_UNROLL
        for (std::size_t q = p; q < P; ++q)
            to.xx[pair_of(p, q)] +=
                slope[p] * from.vx[q] + slope[q] * from.vx[p] + slope[p] * slope[q] * from.vv;
    }
    return to;
}

/// Of each node of V.
struct Nodes {
    double low, middle, high;
};

/// How many neurons are at each: none less than 0, which a polynomial may be.
template <std::size_t P>
HEDDLE_INLINE Nodes neurons_at(const Sums<P>& all, double inverse) {
    const double tilt = root_three * inverse * all.v, bend = all.vv * inverse * inverse;
    const double low = (all.zeroth - tilt + bend) / 6.0;
    const double middle = (all.zeroth - 0.5 * bend) / 1.5;
    const double high = (all.zeroth + tilt + bend) / 6.0;
    const Nodes some{low > 0.0 ? low : 0.0, middle > 0.0 ? middle : 0.0, high > 0.0 ? high : 0.0};
    const double sum = some.low + some.middle + some.high;
    const double scale = sum > 0.0 ? all.zeroth / sum : 0.0;
    return {scale * some.low, scale * some.middle, scale * some.high};
}

/// What is left of the neurons at the nodes. x is independent of V here.
/// \param deviation √v. \param inverse 1 / √v, or 0 where V does not differ.
template <std::size_t P>
HEDDLE_INLINE Sums<P> thinned(const Sums<P>& from, const Nodes& neurons, const Nodes& left,
                              double deviation, double inverse) {
    const double low = left.low * neurons.low, middle = left.middle * neurons.middle;
    const double high = left.high * neurons.high;
    const double wide = root_three * deviation;
    // The same of what is linear in x.
    const double sides = (left.high + left.low) / 6.0, tilt = (left.high - left.low) / 6.0;
    const double all = sides + left.middle / 1.5;
    const double along = inverse > 0.0 ? 3.0 * sides : all;
    Sums<P> to = from;
    to.zeroth = low + middle + high;
    to.v = wide * (high - low);
    to.vv = deviation * deviation * (2.0 * (high + low) - middle);
    HEDDLE_UNROLL
    for (std::size_t p = 0; p < P; ++p) {
        to.x[p] = all * from.x[p] + root_three * inverse * tilt * from.vx[p];
        to.vx[p] = wide * tilt * from.x[p] + along * from.vx[p];
        HEDDLE_UNROLL
        for (std::size_t q = p; q < P; ++q) to.xx[pair_of(p, q)] *= all;
    }
    return to;
}

template <std::size_t P>
struct Parts {
    double held[lanes] = {}, lost[lanes] = {}, twice[lanes] = {};
    double variance[lanes] = {}, spread[lanes] = {};
    double zeroth[lanes] = {}, v[lanes] = {};
    double x[P + 1][lanes] = {};
    double xx[P * (P + 1) / 2 + 1][lanes] = {};
};

template <std::size_t P, class Shape>
HEDDLE_INLINE Passage noise_loop(std::size_t n, Shape shape, const AgeStep& step,
                                 const NoiseStep& noise, const Cohorts& c, const FreeNoise& f,
                                 const Survivors& s, Spiking& spiking) {
    Parts<P> parts;
    const bool adapts = step.adaptation != nullptr;
    const double* adaptation = adapts ? step.adaptation : c.mass;
    const double adapted = adapts ? 1.0 : 0.0;
    for (std::size_t i = 0; i < n; i += lanes) {
        HEDDLE_INDEPENDENT
        for (std::size_t l = 0; l < lanes; ++l) {
            const std::size_t k = i + l;
            // Noise, if nobody spiked.
            double u = step.keep * c.potential[k] + step.drive;
            double v = noise.keep * noise.keep * f.v[k] + noise.gain;
            std::array<double, P> mean, with_v, slope;
            HEDDLE_UNROLL
            for (std::size_t p = 0; p < P; ++p) {
                const Colour& one = noise.colour[p];
                u += one.on_v * f.mean[p][k];
                mean[p] = one.keep * f.mean[p][k];
                v += one.on_v * (2.0 * noise.keep * f.with_v[p][k] + one.on_v * one.power);
                with_v[p] =
                    one.keep * (noise.keep * f.with_v[p][k] + one.on_v * one.power) + one.with_v;
                f.mean[p][k] = mean[p];
                f.with_v[p][k] = with_v[p];
            }
            c.potential[k] = u;
            f.v[k] = v;
            const double deviation = std::sqrt(v);
            const double inverse = v > nothing ? 1.0 / deviation : 0.0;
            HEDDLE_UNROLL
            for (std::size_t p = 0; p < P; ++p) slope[p] = -with_v[p] * inverse * inverse;
            // Those that are left.
            Sums<P> all;
            all.zeroth = s.zeroth[k], all.v = s.first_v[k], all.vv = s.second_v[k];
            HEDDLE_UNROLL
            for (std::size_t p = 0; p < P; ++p) {
                all.x[p] = s.first_x[p][k];
                all.vx[p] = s.mixed[p][k];
            }
            HEDDLE_UNROLL
            for (std::size_t r = 0; r < P * (P + 1) / 2; ++r) all.xx[r] = s.second_x[r][k];
            const Sums<P> before = moved(all, noise);
            const double above = u - step.threshold - adapted * adaptation[k];
            const auto left_at = [&](double there) HEDDLE_INLINE_LAMBDA {
                return survival(shape.above(step.scale * shape(there * step.softness), step.floor));
            };
            const double wide = root_three * deviation;
            const Nodes half{left_at(above - wide), left_at(above), left_at(above + wide)};
            const Nodes whole{half.low * half.low, half.middle * half.middle,
                              half.high * half.high};
            const Sums<P> apart = sheared(before, slope);
            const Nodes neurons = neurons_at(apart, inverse);
            const double now =
                half.low * neurons.low + half.middle * neurons.middle + half.high * neurons.high;
            HEDDLE_UNROLL
            for (std::size_t p = 0; p < P; ++p) slope[p] = -slope[p];
            const Sums<P> after =
                sheared(thinned(apart, neurons, whole, deviation, inverse), slope);
            s.zeroth[k] = after.zeroth, s.first_v[k] = after.v, s.second_v[k] = after.vv;
            HEDDLE_UNROLL
            for (std::size_t p = 0; p < P; ++p) {
                s.first_x[p][k] = after.x[p];
                s.mixed[p][k] = after.vx[p];
            }
            HEDDLE_UNROLL
            for (std::size_t r = 0; r < P * (P + 1) / 2; ++r) s.second_x[r][k] = after.xx[r];
            // What the step takes.
            const double m = c.mass[k];
            const double kept = now < m ? now : m;
            const double leaves = m - kept;
            const double q = m > 0.0 ? kept / m : 1.0;
            const double variance = c.variance[k];
            c.mass[k] = kept;
            c.variance[k] = q * (q * variance + leaves);
            parts.held[l] += m;
            parts.lost[l] += leaves;
            parts.twice[l] += leaves - q * leaves;
            parts.variance[l] += variance;
            parts.spread[l] += variance - q * variance;
            const double gone = before.zeroth - after.zeroth;
            parts.zeroth[l] += gone;
            parts.v[l] += gone * v;
            HEDDLE_UNROLL
            for (std::size_t p = 0; p < P; ++p) {
                const double first = before.x[p] - after.x[p];
                parts.x[p][l] += first + gone * mean[p];
                HEDDLE_UNROLL
                for (std::size_t q2 = p; q2 < P; ++q2) {
                    const double other = before.x[q2] - after.x[q2];
                    parts.xx[pair_of(p, q2)][l] += before.xx[pair_of(p, q2)] -
                                                   after.xx[pair_of(p, q2)] + mean[p] * other +
                                                   mean[q2] * first + gone * mean[p] * mean[q2];
                }
            }
        }
    }
    spiking.zeroth = sum_of(parts.zeroth);
    spiking.v = sum_of(parts.v);
    for (std::size_t p = 0; p < P; ++p) spiking.first_x[p] = sum_of(parts.x[p]);
    for (std::size_t r = 0; r < P * (P + 1) / 2; ++r) spiking.second_x[r] = sum_of(parts.xx[r]);
    return {sum_of(parts.held), sum_of(parts.lost), sum_of(parts.twice), sum_of(parts.variance),
            sum_of(parts.spread)};
}

}  // namespace

HEDDLE_VECTORISE_WIDE Passage age_noisy(std::size_t n, Hazard hazard, const AgeStep& step,
                                        const NoiseStep& noise, const Cohorts& cohorts,
                                        const FreeNoise& free, const Survivors& survivors,
                                        Spiking& spiking) {
    return with_hazard(hazard, [&](auto shape) HEDDLE_INLINE_LAMBDA {
        switch (noise.colours) {
            case 0:
                return noise_loop<0>(n, shape, step, noise, cohorts, free, survivors, spiking);
            case 1:
                return noise_loop<1>(n, shape, step, noise, cohorts, free, survivors, spiking);
            default:
                return noise_loop<2>(n, shape, step, noise, cohorts, free, survivors, spiking);
        }
    });
}

}  // namespace heddle::kernels
