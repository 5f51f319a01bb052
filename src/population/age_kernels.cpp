#include "population/age_kernels.hpp"

#include "circuit/hazard.hpp"

namespace heddle::kernels {
namespace {

/// Cohorts between two looks at the same ones: few enough for what is known of them to stay near.
constexpr std::size_t at_once = 128;

template <bool adapts, class Shape>
HEDDLE_INLINE void raise_hazards(std::size_t n, Shape shape, const AgeStep& step, std::size_t first,
                                 const Cohorts& c, double* __restrict passed) {
    const double* __restrict adaptation = adapts ? step.adaptation + first : nullptr;
    double* __restrict potential = c.potential + first;
    double* __restrict hazard = c.hazard + first;
    const double keep = step.keep, drive = step.drive, softness = step.softness;
    const double scale = step.scale, floor = step.floor, threshold = step.threshold;
    HEDDLE_INDEPENDENT
    for (std::size_t i = 0; i < n; ++i) {
        const double u = keep * potential[i] + drive;
        double above = u - threshold;
        if constexpr (adapts) above -= adaptation[i];
        const double now = shape.above(scale * shape(above * softness), floor);
        passed[i] = hazard[i] + now;
        potential[i] = u;
        hazard[i] = now;
    }
}

/// The sums of each lane.
struct Parts {
    double held[lanes] = {};
    double lost[lanes] = {};
    double twice[lanes] = {};
    double variance[lanes] = {};
    double spread[lanes] = {};
};

HEDDLE_INLINE void lose(std::size_t n, std::size_t first, const Cohorts& c,
                        const double* __restrict passed, Parts& parts) {
    double* __restrict mass = c.mass + first;
    double* __restrict variance = c.variance + first;
    for (std::size_t i = 0; i < n; i += lanes) {
        HEDDLE_INDEPENDENT
        for (std::size_t l = 0; l < lanes; ++l) {
            const double q = survival(passed[i + l]);
            const double m = mass[i + l], v = variance[i + l];
            const double kept = q * m, v_kept = q * v;
            const double leaves = m - kept;
            mass[i + l] = kept;
            variance[i + l] = q * (v_kept + leaves);
            parts.held[l] += m;
            parts.lost[l] += leaves;
            parts.twice[l] += leaves - q * leaves;
            parts.variance[l] += v;
            parts.spread[l] += v - v_kept;
        }
    }
}

/// Hazards first, survivors after: one chain of two exponentials would leave the processor waiting.
template <bool adapts, class Shape>
HEDDLE_INLINE Passage age_loop(std::size_t n, Shape shape, const AgeStep& step, const Cohorts& c) {
    double passed[at_once];
    Parts parts;
    for (std::size_t first = 0; first < n; first += at_once) {
        const std::size_t some = n - first < at_once ? n - first : at_once;
        raise_hazards<adapts>(some, shape, step, first, c, passed);
        lose(some, first, c, passed, parts);
    }
    return {sum_of(parts.held), sum_of(parts.lost), sum_of(parts.twice), sum_of(parts.variance),
            sum_of(parts.spread)};
}

}  // namespace

HEDDLE_VECTORISE_WIDE Passage age(std::size_t n, Hazard hazard, const AgeStep& step,
                                  const Cohorts& cohorts) {
    return with_hazard(hazard, [&](auto shape) HEDDLE_INLINE_LAMBDA {
        return step.adaptation != nullptr ? age_loop<true>(n, shape, step, cohorts)
                                          : age_loop<false>(n, shape, step, cohorts);
    });
}

HEDDLE_VECTORISE_WIDE PartOfStep age_in_part(double part, Hazard hazard, const AgeStep& step,
                                             double adaptation, double from, double to) {
    return with_hazard(hazard, [&](auto shape) HEDDLE_INLINE_LAMBDA {
        const auto at = [&](double v) HEDDLE_INLINE_LAMBDA {
            const double above = v - step.threshold - adaptation;
            return shape.above(step.scale * shape(above * step.softness), step.floor);
        };
        const double first = at(from), last = at(to);
        return PartOfStep{last, survival(part * (first + last))};
    });
}

double adapt(std::size_t n, const double* __restrict count, const double* __restrict effect,
             const double* __restrict own, double* __restrict adaptation) {
    // Four running sums at once, each over a quarter: one would wait for itself.
    const std::size_t quarter = n / 4;
    double total[4] = {};
    for (std::size_t i = 0; i < quarter; ++i)
        for (std::size_t k = 0; k < 4; ++k) {
            const std::size_t at = k * quarter + i;
            const double whole = count[at] * effect[at];
            adaptation[at] = total[k] + 0.5 * whole;
            total[k] += whole;
        }
    double before = 0.0;
    for (std::size_t k = 0; k < 4; ++k) {
        for (std::size_t i = k * quarter; i < (k + 1) * quarter; ++i)
            adaptation[i] = own[i] + (adaptation[i] + before);
        before += total[k];
    }
    return before;
}

HEDDLE_VECTORISE_WIDE double sum(std::size_t n, const double* __restrict x) {
    double part[lanes] = {};
    std::size_t i = 0;
    for (; i + lanes <= n; i += lanes)
        for (std::size_t l = 0; l < lanes; ++l) part[l] += x[i + l];
    for (std::size_t l = 0; i + l < n; ++l) part[l] += x[i + l];
    return sum_of(part);
}

}  // namespace heddle::kernels
