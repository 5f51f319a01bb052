#include "population/age_kernels.hpp"

#include "circuit/hazard.hpp"

namespace heddle::kernels {
namespace {

/// exp(−x) for hazards x ≥ 0 of any size.
HEDDLE_INLINE double survival(double x) {
    return elementary::exp(x < 700.0 ? -x : -700.0);
}

template <bool adapts, class Shape>
HEDDLE_INLINE void age_loop(std::size_t n, Shape shape, const AgeStep& step, const Cohorts& c) {
    const double* __restrict own = step.own;
    const double* __restrict previous = step.previous;
    double* __restrict mass = c.mass;
    double* __restrict variance = c.variance;
    double* __restrict potential = c.potential;
    double* __restrict hazard = c.hazard;
    double* __restrict lost = c.lost;
    double* __restrict lost_spread = c.lost_spread;
    double* __restrict lost_twice = c.lost_twice;
    const double keep = step.keep, drive = step.drive, softness = step.softness;
    const double scale = step.scale, floor = step.floor, threshold = step.threshold;
    HEDDLE_INDEPENDENT
    for (std::size_t i = 0; i < n; ++i) {
        const double u = keep * potential[i] + drive;
        double above = u - threshold;
        if constexpr (adapts) above -= own[i] + previous[i];
        const double now = shape.above(scale * shape(above * softness), floor);
        const double q = survival(hazard[i] + now);
        const double m = mass[i];
        const double kept = q * m;
        const double leaves = m - kept;
        const double v_kept = q * variance[i];
        potential[i] = u;
        hazard[i] = now;
        mass[i] = kept;
        lost[i] = leaves;
        lost_spread[i] = variance[i] - v_kept;
        lost_twice[i] = leaves - q * leaves;
        variance[i] = q * (v_kept + leaves);
    }
}

}  // namespace

HEDDLE_VECTORISE_WIDE void age(std::size_t n, Hazard hazard, const AgeStep& step,
                               const Cohorts& cohorts) {
    with_hazard(hazard, [&](auto shape) HEDDLE_INLINE_LAMBDA {
        if (step.own != nullptr)
            age_loop<true>(n, shape, step, cohorts);
        else
            age_loop<false>(n, shape, step, cohorts);
    });
}

void sum_before(std::size_t n, const double* __restrict count, const double* __restrict kernel,
                double* __restrict previous) {
    // Four running sums at once, each over a quarter: one would wait for itself.
    const std::size_t quarter = n / 4;
    double total[4] = {};
    for (std::size_t i = 0; i < quarter; ++i)
        for (std::size_t k = 0; k < 4; ++k) {
            const std::size_t at = k * quarter + i;
            const double half = 0.5 * count[at] * kernel[at];
            const double middle = total[k] + half;
            previous[at] = middle;
            total[k] = middle + half;
        }
    double before = total[0];
    for (std::size_t k = 1; k < 4; ++k) {
        for (std::size_t i = 0; i < quarter; ++i) previous[k * quarter + i] += before;
        before += total[k];
    }
}

HEDDLE_VECTORISE_WIDE double sum(std::size_t n, const double* __restrict x) {
    constexpr std::size_t lanes = 16;
    double part[lanes] = {};
    std::size_t i = 0;
    for (; i + lanes <= n; i += lanes)
        for (std::size_t l = 0; l < lanes; ++l) part[l] += x[i + l];
    for (std::size_t l = 0; i + l < n; ++l) part[l] += x[i + l];
    for (std::size_t width = lanes / 2; width > 0; width /= 2)
        for (std::size_t l = 0; l < width; ++l) part[l] += part[l + width];
    return part[0];
}

}  // namespace heddle::kernels
