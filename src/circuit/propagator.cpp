#include "circuit/propagator.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <numbers>

namespace heddle {
namespace {

constexpr std::size_t most_terms = 24;

constexpr auto inverse_factorials = [] {
    std::array<double, most_terms + 4> table{1.0};
    for (std::size_t k = 1; k < table.size(); ++k) table[k] = table[k - 1] / static_cast<double>(k);
    return table;
}();

/// Around the mean c of the n points: e^c Σ_k h_k(x − c) / (k + n − 1)!, h_k the complete
/// homogeneous symmetric polynomials.
template <std::size_t n>
double by_series(const double* points) {
    double mean = 0.0;
    for (std::size_t m = 0; m < n; ++m) mean += points[m];
    mean /= static_cast<double>(n);
    std::array<double, n> from_mean;
    std::array<double, n> partial;  // h_k of the first 1, 2, … points
    for (std::size_t m = 0; m < n; ++m) {
        from_mean[m] = points[m] - mean;
        partial[m] = 1.0;
    }
    const double spread = points[n - 1] - points[0];
    double sum = inverse_factorials[n - 1];
    double power = spread;  // bounds h_k : the series ends when it no longer counts
    for (std::size_t k = 1; k < most_terms && power * inverse_factorials[k] > 1e-19; ++k) {
        double before = 0.0;
        for (std::size_t m = 0; m < n; ++m) {
            before += from_mean[m] * partial[m];
            partial[m] = before;
        }
        sum += before * inverse_factorials[k + n - 1];
        power *= spread;
    }
    return std::exp(mean) * sum;
}

double sorted_difference(std::span<const double> points) {
    const double spread = points.back() - points.front();
    if (points.size() == 1) return std::exp(points[0]);
    if (points.size() == 2) {
        if (spread == 0.0) return std::exp(points[0]);
        return std::exp(points[0]) * std::expm1(spread) / spread;
    }
    if (spread < 1.5)
        return points.size() == 3 ? by_series<3>(points.data()) : by_series<4>(points.data());
    return (sorted_difference(points.subspan(1)) -
            sorted_difference(points.first(points.size() - 1))) /
           spread;
}

template <class... Rates>
double chain(double duration, Rates... rates) {
    std::array<double, sizeof...(Rates)> points{-rates * duration...};
    double power = 1.0;
    for (std::size_t k = 1; k < points.size(); ++k) power *= duration;
    return power * divided_exponential(points);
}

/// The part that does not concern the membrane.
SynapsePropagator decay_of(const Synapse& synapse, double duration) {
    if (synapse.kind == Synapse::Kind::delta) return {};
    const double rate = 1.0 / synapse.tau_syn;
    const double gone = -std::expm1(-rate * duration);
    SynapsePropagator result{.keep = 1.0 - gone};
    if (synapse.kind == Synapse::Kind::exponential) {
        result.arrival = gone / rate;
        return result;
    }
    // ẋ = −x / τ + (e / τ) arrivals, ṡ = −s / τ + x.
    result.rise = duration * result.keep;
    result.rise_arrival = std::numbers::e * gone;
    result.arrival = std::numbers::e * rate * chain(duration, rate, rate, 0.0);
    return result;
}

}  // namespace

double divided_exponential(std::span<const double> points) {
    assert(!points.empty() && points.size() <= 4);
    std::array<double, 4> sorted;
    std::ranges::copy(points, sorted.begin());
    const auto used = std::span(sorted).first(points.size());
    std::ranges::sort(used);
    return sorted_difference(used);
}

double charge(const Membrane& membrane, double duration) {
    return chain(duration, membrane.leak, 0.0) / membrane.capacitance;
}

SynapsePropagator propagator(const Synapse& synapse, const Membrane& membrane, double duration) {
    const double leak = membrane.leak;
    if (synapse.kind == Synapse::Kind::delta) return {.on_v_arrival = chain(duration, leak, 0.0)};
    const double rate = 1.0 / synapse.tau_syn;
    SynapsePropagator result = decay_of(synapse, duration);
    result.on_v = chain(duration, leak, rate) / membrane.capacitance;
    if (synapse.kind == Synapse::Kind::exponential) {
        result.on_v_arrival = chain(duration, leak, rate, 0.0) / membrane.capacitance;
        return result;
    }
    const double slope = std::numbers::e * rate;
    result.on_v_rise = chain(duration, leak, rate, rate) / membrane.capacitance;
    result.on_v_arrival = slope * chain(duration, leak, rate, rate, 0.0) / membrane.capacitance;
    return result;
}

NoisePropagator noise_propagator(double tau, const Membrane& membrane, double duration) {
    // Covariances of √(2/τ) ∫ e^{−(h−s)/τ} dW and √(2/τ) ∫ P(h−s) dW, by Gauss and Legendre:
    // the integrands are entire, ten points are exact to rounding for h ≤ 2 τ.
    constexpr std::array<double, 5> node{0.1488743389816312, 0.4333953941292472, 0.6794095682990244,
                                         0.8650633666889845, 0.9739065285171717};
    constexpr std::array<double, 5> weight{0.2955242247147529, 0.2692667193099963,
                                           0.2190863625159820, 0.1494513491505806,
                                           0.0666713443086881};
    const double rate = 1.0 / tau;
    double xv = 0.0;
    double vv = 0.0;
    for (std::size_t k = 0; k < 10; ++k) {
        const double t = 0.5 * duration * (1.0 + (k % 2 == 0 ? node[k / 2] : -node[k / 2]));
        const double part = weight[k / 2] * duration * rate;  // (2/τ) (h/2) w
        const double on_v = chain(t, membrane.leak, rate) / membrane.capacitance;
        xv += part * std::exp(-rate * t) * on_v;
        vv += part * on_v * on_v;
    }
    const double a = std::sqrt(-std::expm1(-2.0 * rate * duration));
    const double b = xv / a;
    return {std::exp(-rate * duration), chain(duration, membrane.leak, rate) / membrane.capacitance,
            a, b, std::sqrt(std::max(0.0, vv - b * b))};
}

}  // namespace heddle
