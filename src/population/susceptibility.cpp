#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "population/complex_ratios.hpp"
#include "population/gauss_legendre.hpp"
#include "population/siegert_point.hpp"

// Ψ_s(x) = e^{x² / 4} D_{−s}(−x), D Whittaker's parabolic cylinder function, is the solution of
//
//     Ψ'' = x Ψ' + s Ψ
//
// that does not grow for x → −∞. What is followed is R = Ψ' / (s Ψ), which is finite for s → 0, and
// (ln Ψ) / s: no difference is taken of numbers that agree for s → 0, and nothing overflows.

namespace heddle {
namespace {

constexpr double border = -3.0;  // Left of it the continued fraction converges in a few terms.

/// From how far down the continued fraction forgets where it starts: N terms leave a part
/// exp(−2 y Re(√(s + N) − √s)) of an error.
int terms_for(Complex s, double y) {
    const double root = std::sqrt(s).real() + 18.0 / y;
    const double turned = 0.5 * s.imag() / root;
    return 10 + static_cast<int>(root * root - turned * turned - s.real());
}

/// R at x = −y, y ≥ 3: with R_n = D_{−s−n−1}(y) / D_{−s−n}(y), 1 / R_{n−1} = y + (s + n) R_n.
Complex ratio_below(Complex s, double y) {
    const int terms = terms_for(s, y);
    const Complex last = s + static_cast<double>(terms);
    Complex ratio = 2.0 / (y + std::sqrt(y * y + 4.0 * last));
    for (int n = terms; n >= 1; --n) ratio = 1.0 / (y + (s + static_cast<double>(n)) * ratio);
    return ratio;
}

/// ln(1 + z) / z.
Complex logarithm_ratio(Complex z) {
    if (std::abs(z) > 0.03) return std::log(1.0 + z) / z;
    Complex sum = 0.0;
    for (int k = 11; k >= 1; --k) sum = 1.0 / k - z * sum;
    return sum;
}

/// How Ψ grows between two places.
class Growth {
  public:
    Growth(Complex s, double from)
        : s_(s), x_(std::min(from, border)), ratio_(ratio_below(s, -x_)) {
        follow(from);
        restart();
    }

    /// On to the right.
    void follow(double to) {
        if (x_ < border && to > x_) follow_below(std::min(to, border));
        while (x_ < to) step(to);
    }

    /// Where it stands is where it starts.
    void restart() {
        change_ = 0.0;
        logarithm_ = 0.0;
    }

    [[nodiscard]] Complex ratio() const { return ratio_; }          ///< R, now.
    [[nodiscard]] Complex change() const { return change_; }        ///< R, now less at the start.
    [[nodiscard]] Complex logarithm() const { return logarithm_; }  ///< ln(Ψ now / at start) / s.

  private:
    /// ln Ψ / s = ∫ R, in panels that grow with −x.
    void follow_below(double to) {
        static const auto rule = gauss_legendre<16>();
        double y = -to, width = to - x_;
        while (width > 0.0) {
            const double part = std::min(width, y + 2.0);
            for (std::size_t i = 0; i < rule.node.size(); ++i)
                logarithm_ += part * rule.weight[i] * ratio_below(s_, y + part * rule.node[i]);
            y += part;
            width -= part;
        }
        const Complex reached = ratio_below(s_, -to);
        change_ += reached - ratio_;
        ratio_ = reached;
        x_ = to;
    }

    /// One step of Taylor's series of φ in Ψ(x + h) = Ψ(x) (1 + s φ(h)), φ'' = (x + h) φ' + 1 + s
    /// φ, as long as what it adds up falls fast.
    void step(double to) {
        constexpr int order = 34;
        const double h = std::min(to - x_, 2.0 / (1.0 + std::abs(x_) + std::sqrt(std::abs(s_))));
        Complex before = 0.0, now = ratio_;  // The coefficients of hⁿ⁻¹ and hⁿ, n = 1.
        Complex sum = ratio_ * h, added = 0.0;
        double power = h;
        for (int n = 0; n + 2 <= order; ++n) {
            const double k = n;
            const Complex next = (x_ * (k + 1.0) * now + (k + s_) * before + (n == 0 ? 1.0 : 0.0)) /
                                 ((k + 1.0) * (k + 2.0));
            added += (k + 2.0) * next * power;
            power *= h;
            sum += next * power;
            before = now;
            now = next;
        }
        const Complex z = s_ * sum;
        const Complex difference = (added - ratio_ * z) / (1.0 + z);
        logarithm_ += sum * logarithm_ratio(z);
        change_ += difference;
        ratio_ += difference;
        x_ = h < to - x_ ? x_ + h : to;
    }

    Complex s_;
    double x_;
    Complex ratio_;
    Complex change_ = 0.0;
    Complex logarithm_ = 0.0;
};

}  // namespace

Complex susceptibility_at(const SiegertPoint& point, double rate, double f) {
    return response_at(point, rate, Complex(0.0, 2e-3 * std::numbers::pi * f)).susceptibility;
}

SiegertResponse response_at(const SiegertPoint& point, double rate, Complex lambda) {
    if (rate < 1e-290) return {1.0, 0.0};
    // With less noise than this the limit without noise is reached to the last digit.
    const double sigma = std::max(point.sigma, 1e-100 * (point.V_th - point.V_reset));
    const Complex s = lambda * point.tau_m;
    const double high = (point.V_th - point.mu) / sigma + point.shift();
    const double width = (point.V_th - point.V_reset) / sigma;
    Growth growth(s, std::numbers::sqrt2 * (high - width));
    const Complex start = growth.ratio();
    growth.follow(std::numbers::sqrt2 * high);
    const Complex logarithm = s * growth.logarithm();
    const Complex grown = growth.logarithm() * exponential_ratio(logarithm);
    const Complex silence = std::exp(-logarithm) * (point.t_ref / point.tau_m) *
                            exponential_ratio(lambda * point.t_ref);
    // P̂ = e^{−λ t_ref} Ψ(x_r) / Ψ(x_th), so that 1 − P̂ = s (grown + silence).
    return {point.tau_m * (grown + silence), std::numbers::sqrt2 * rate / (sigma * (1.0 + s)) *
                                                 (growth.change() + start * s * grown) /
                                                 (grown + silence)};
}

double escape_rate(const SiegertPoint& point, double rate) {
    const double most = 10.0 / point.tau_m;
    // Left of 0 P̂ = 1 − λ Ŝ grows to ∞, and is negative beyond.
    const auto before = [&](double decay) {
        const double transform = 1.0 + decay * response_at(point, rate, -decay).survival.real();
        return std::isfinite(transform) && transform > 0.0;
    };
    double low = 0.0, high = 1e-4 * rate;
    while (before(high) && high < most) {
        low = high;
        high *= 1.5;
    }
    for (int k = 0; k < 30; ++k) {
        const double middle = 0.5 * (low + high);
        (before(middle) ? low : high) = middle;
    }
    return std::min(low, most);
}

}  // namespace heddle
