#include "population/siegert_kernels.hpp"

#include <cstring>
#include <numbers>

#include "core/elementary.hpp"
#include "core/vectorise.hpp"

namespace heddle::kernels {
namespace {

constexpr std::size_t lanes = 8;
using Lane = double __attribute__((vector_size(8 * lanes)));

HEDDLE_INLINE void load(const double* from, Lane& to) {
    std::memcpy(&to, from, sizeof to);
}

/// t = (y − 3) / (y + 3) of `groups` lanes at once, whose recurrences do not wait for each other.
template <std::size_t groups>
struct SeriesAt {
    Lane twice_t[groups];

    HEDDLE_INLINE void set(std::size_t group, const Lane& y) {
        twice_t[group] = (2.0 * y - 6.0) / (y + 3.0);
    }

    /// Σ' c_k T_k(t) by Clenshaw's recurrence.
    HEDDLE_INLINE void sum(const std::array<double, ErfcSeries::terms>& c,
                           Lane (&sum)[groups]) const {
        Lane before[groups] = {}, now[groups] = {};
        for (std::size_t k = ErfcSeries::terms - 1; k > 0; --k)
            for (std::size_t g = 0; g < groups; ++g) {
                const Lane next = twice_t[g] * now[g] + (c[k] - before[g]);
                before[g] = now[g];
                now[g] = next;
            }
        for (std::size_t g = 0; g < groups; ++g)
            sum[g] = 0.5 * (twice_t[g] * now[g] + c[0]) - before[g];
    }
};

struct Sums {
    Lane value = {};
    Lane slope = {};
    Lane moment = {};
    Lane bend = {};
};

HEDDLE_INLINE double total(const Lane& lane) {
    return ((lane[0] + lane[4]) + (lane[2] + lane[6])) +
           ((lane[1] + lane[5]) + (lane[3] + lane[7]));
}

HEDDLE_INLINE SiegertSum total(const Sums& sums) {
    return {total(sums.value), total(sums.slope), total(sums.moment), total(sums.bend)};
}

}  // namespace

HEDDLE_VECTORISE_WIDE SiegertSum siegert_above(const NodeView<32>& rule, const ErfcSeries& series,
                                               double high, double part, double damping) {
    constexpr std::size_t groups = 32 / lanes;
    const double flat = 2.0 * std::numbers::inv_sqrtpi * damping;
    double exponentials[32];
    for (std::size_t i = 0; i < 32; ++i) {
        const double distance = part * rule.node[i];
        exponentials[i] = elementary::exp(-distance * ((high - distance) + high));
    }
    SeriesAt<groups> at;
    Lane x[groups], g0[groups];
    for (std::size_t g = 0; g < groups; ++g) {
        Lane node;
        load(rule.node.data() + g * lanes, node);
        x[g] = high - part * node;
        at.set(g, x[g]);
    }
    at.sum(series.of[0], g0);
    Sums sums;
    for (std::size_t g = 0; g < groups; ++g) {
        Lane weight, e;
        load(rule.weight.data() + g * lanes, weight);
        load(exponentials + g * lanes, e);
        // 1 + erf x = 2 − e^{−x²} g_0(x).
        const Lane f = 2.0 * e - damping * g0[g] / (1.0 + 2.0 * x[g]);
        const Lane slope = 2.0 * x[g] * f + flat;
        const Lane moment = f + x[g] * slope;
        sums.value += weight * f;
        sums.slope += weight * slope;
        sums.moment += weight * moment;
        sums.bend += weight * (slope + 2.0 * x[g] * moment);
    }
    return total(sums);
}

HEDDLE_VECTORISE_WIDE SiegertSum siegert_below(const NodeView<16>& rule, const ErfcSeries& series,
                                               double start, double part) {
    constexpr std::size_t groups = 16 / lanes;
    SeriesAt<groups> at;
    Lane y[groups], g0[groups], g1[groups], g2[groups];
    for (std::size_t g = 0; g < groups; ++g) {
        Lane node;
        load(rule.node.data() + g * lanes, node);
        y[g] = start + part * node;
        at.set(g, y[g]);
    }
    at.sum(series.of[0], g0);
    at.sum(series.of[1], g1);
    at.sum(series.of[2], g2);
    Sums sums;
    for (std::size_t g = 0; g < groups; ++g) {
        Lane weight;
        load(rule.weight.data() + g * lanes, weight);
        const Lane scale = 1.0 / (1.0 + 2.0 * y[g]);
        const Lane slope = 2.0 * scale * scale * g1[g];
        const Lane second = 4.0 * scale * scale * scale * g2[g];
        sums.value += weight * (scale * g0[g]);
        sums.slope += weight * slope;
        sums.moment += weight * second;
        sums.bend += weight * (slope - 2.0 * y[g] * second);
    }
    return total(sums);
}

}  // namespace heddle::kernels
