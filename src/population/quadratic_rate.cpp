#include <cmath>
#include <complex>
#include <numbers>

#include "circuit/checks.hpp"
#include "heddle/population/quadratic_equations.hpp"

namespace heddle {
namespace {

/// Ai'(z) / Ai(z) from the asymptotic series of both, |z| ≥ 12: terms shrink to below 1e-16.
Complex far_ratio(const Complex& z) {
    const Complex zeta = 2.0 / 3.0 * z * std::sqrt(z);
    Complex value = 1.0, slope = 1.0, term = 1.0;
    for (int k = 1; k <= 40; ++k) {
        const double n = 6.0 * k;
        const Complex next = -term * ((n - 5.0) * (n - 1.0) / (72.0 * k)) / zeta;
        if (std::abs(next) > std::abs(term)) break;
        term = next;
        value += term;
        slope -= (n + 1.0) / (n - 1.0) * term;
    }
    return -std::sqrt(z) * slope / value;
}

/// y' / y of the solution of y'' = z y at z + step, from that at z.
Complex taylor_step(const Complex& z, const Complex& step, const Complex& ratio) {
    Complex value = 1.0 + step * ratio, slope = ratio;
    Complex before = 1.0, last = ratio * step, twice = 0.0;  // Terms n − 2, n − 1, n − 3.
    for (int n = 2; n < 60; ++n) {
        const Complex term =
            step * step * (z * before + step * twice) / (static_cast<double>(n) * (n - 1.0));
        value += term;
        slope += static_cast<double>(n) * term / step;
        twice = before;
        before = last;
        last = term;
    }
    return slope / value;
}

/// Ai'(d) / Ai(d). Ai grows towards d along the line, so that the steps are stable.
Complex airy_ratio(const Complex& d, const Complex& direction) {
    constexpr double far = 12.0;
    if (std::abs(d) >= far) return far_ratio(d);
    const int steps = 48;
    const Complex step = -2.0 * far / steps * direction;
    Complex z = d - static_cast<double>(steps) * step;
    Complex ratio = far_ratio(z);
    for (int k = 0; k < steps; ++k, z += step) ratio = taylor_step(z, step, ratio);
    return ratio;
}

}  // namespace

double quadratic_rate(double eta, double delta, double sigma, double tau_m) {
    const Subject subject("quadratic_rate");
    subject.finite(eta, "eta", "");
    subject.not_negative(delta, "delta", "");
    subject.not_negative(sigma, "sigma", "");
    subject.positive(tau_m, "tau_m", "ms");
    subject.require(delta > 0.0 || sigma > 0.0,
                    "delta and sigma are both 0; give at least one of them");
    const double per_second = 1e3 / (std::numbers::pi * tau_m);
    if (sigma == 0.0) return per_second * std::sqrt(Complex(eta, delta)).real();
    const Complex direction = std::polar(1.0, std::numbers::pi / 6.0);
    const Complex c = std::cbrt(0.5 * sigma * sigma) * direction;
    return -per_second * (c * airy_ratio(Complex(eta, delta) / (c * c), direction)).real();
}

}  // namespace heddle
