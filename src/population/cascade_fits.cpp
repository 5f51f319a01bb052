#include "population/cascade_fits.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <numbers>
#include <utility>

namespace heddle {
namespace {

constexpr double shortest = 0.02, longest = 1000.0;  // ms

Complex exponential_filter(double f, double tau) {
    return 1.0 / Complex(1.0, 2e-3 * std::numbers::pi * f * tau);
}

Complex oscillator_filter(double f, double tau, double u) {
    const Complex one(1.0, 2e-3 * std::numbers::pi * f * tau);
    return (1.0 + u * u) * one / (one * one + u * u);
}

/// Weights of the trapezoidal rule.
Vector intervals(const Vector& f) {
    Vector weights = Vector::Zero(f.size());
    for (Index i = 0; i + 1 < f.size(); ++i) {
        weights[i] += 0.5 * (f[i + 1] - f[i]);
        weights[i + 1] += 0.5 * (f[i + 1] - f[i]);
    }
    return weights;
}

template <class Filter>
double distance(const Vector& f, const ComplexVector& response, const Vector& weights,
                Filter filter) {
    double sum = 0.0;
    for (Index i = 0; i < f.size(); ++i) sum += weights[i] * std::norm(filter(f[i]) - response[i]);
    return sum;
}

/// The least value of a function between two ends, by golden sections.
double golden(const std::function<double(double)>& of, double low, double high) {
    constexpr double ratio = 1.0 / std::numbers::phi;
    double a = high - ratio * (high - low), b = low + ratio * (high - low);
    double at_a = of(a), at_b = of(b);
    for (int k = 0; k < 40; ++k) {
        if (at_a < at_b) {
            high = std::exchange(b, a);
            at_b = at_a;
            at_a = of(a = high - ratio * (high - low));
        } else {
            low = std::exchange(a, b);
            at_a = at_b;
            at_b = of(b = low + ratio * (high - low));
        }
    }
    return 0.5 * (low + high);
}

using Place = std::array<double, 2>;

struct Corner {
    double value;
    Place at;
};

/// The least value of a function of two numbers: Nelder & Mead's simplex.
Place simplex(const std::function<double(const Place&)>& of, const Place& start,
              const Place& size) {
    std::array<Corner, 3> corners{{{of(start), start}}};
    for (std::size_t k = 0; k < 2; ++k) {
        Place at = start;
        at[k] += size[k];
        corners[k + 1] = {of(at), at};
    }
    const auto less = [](const Corner& a, const Corner& b) { return a.value < b.value; };
    for (int step = 0; step < 80; ++step) {
        std::sort(corners.begin(), corners.end(), less);
        const auto moved = [&](double by) {
            Corner corner{};
            for (std::size_t k = 0; k < 2; ++k) {
                const double centre = 0.5 * (corners[0].at[k] + corners[1].at[k]);
                corner.at[k] = centre + by * (corners[2].at[k] - centre);
            }
            corner.value = of(corner.at);
            return corner;
        };
        Corner next = moved(-1.0);
        if (next.value < corners[0].value)
            next = std::min(next, moved(-2.0), less);
        else if (next.value >= corners[1].value)
            next = moved(next.value < corners[2].value ? -0.5 : 0.5);
        if (next.value < corners[2].value) {
            corners[2] = next;
            continue;
        }
        for (std::size_t c = 1; c < 3; ++c) {
            for (std::size_t k = 0; k < 2; ++k)
                corners[c].at[k] = 0.5 * (corners[c].at[k] + corners[0].at[k]);
            corners[c].value = of(corners[c].at);
        }
    }
    return std::min_element(corners.begin(), corners.end(), less)->at;
}

}  // namespace

FittedFilter fit_exponential(const Vector& f, const ComplexVector& response) {
    const Vector weights = intervals(f);
    const auto of = [&](double log_tau) {
        const double tau = std::exp(log_tau);
        return distance(f, response, weights, [&](double x) { return exponential_filter(x, tau); });
    };
    constexpr int trials = 48;
    const double low = std::log(shortest), width = (std::log(longest) - low) / trials;
    int best = 0;
    for (int k = 1; k <= trials; ++k)
        if (of(low + k * width) < of(low + best * width)) best = k;
    const double tau = std::exp(golden(of, low + (best - 1) * width, low + (best + 1) * width));
    const double sum = distance(f, response, Vector::Ones(f.size()),
                                [&](double x) { return exponential_filter(x, tau); });
    return {tau, 0.0, std::sqrt(sum / static_cast<double>(f.size()))};
}

FittedFilter fit_oscillator(const Vector& f, const ComplexVector& response) {
    const Vector ones = Vector::Ones(f.size());
    const auto of = [&](const Place& at) {
        const double tau = std::exp(at[0]), u = std::exp(at[1]);
        if (tau < shortest || tau > longest || u > 1e3) return 1e300;
        return distance(f, response, ones, [&](double x) { return oscillator_filter(x, tau, u); });
    };
    Place best{std::log(10.0), -2.0};
    for (double tau = 0.1; tau < 500.0; tau *= 1.6)
        for (double u = 0.05; u < 200.0; u *= 1.6)
            if (const Place at{std::log(tau), std::log(u)}; of(at) < of(best)) best = at;
    best = simplex(of, best, {0.3, 0.3});
    const double tau = std::exp(best[0]);
    return {tau, std::exp(best[1]) / tau, std::sqrt(of(best) / static_cast<double>(f.size()))};
}

}  // namespace heddle
