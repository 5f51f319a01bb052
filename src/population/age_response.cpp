#include <cmath>

#include "population/age_density.hpp"
#include "population/complex_ratios.hpp"

// With (T_λ f)(x) = ∫_x^∞ f(y) e^{−λ (y − x)} dy, R = T_λ S, and Q the effect of older spikes,
//
//     survival = ∫ S e^{−λx} dx ,   drive = A ∫ (∂ρ/∂u) κ R dx ,
//     feedback = A ∫ (∂ρ/∂u) e^{−λx} R (T_λ Q) dx ,
//
// where κ(s) = (1 − e^{−(λ + 1/τ) s}) / (1 + λ τ) is what a potential reset s ago has of δμ. κ is
// the integral of what it forgets, so that drive = (A / τ) T_{λ + 1/τ} T_0 (∂ρ/∂u R) at s = 0: no
// difference is taken of what is nearly equal.

namespace heddle {
namespace {

/// ∫_x^∞ f at all points.
template <class Values>
Values remaining(const std::vector<AgePanel>& panels, const Values& f,
                 typename Values::Scalar beyond) {
    const Matrix& before = panel_rule().before;
    Values result(f.rows(), f.cols());
    for (Index p = f.cols() - 1; p >= 0; --p) {
        const double width = panels[static_cast<std::size_t>(p)].width;
        const auto part = (width * (before * f.col(p))).eval();
        result.col(p) = (beyond + part(part.size() - 1) - part.array()).matrix();
        beyond = result(0, p);
    }
    return result;
}

/// ∫ f over the panels.
template <class Values>
typename Values::Scalar integral(const std::vector<AgePanel>& panels, const Values& f) {
    const auto weights = panel_rule().before.row(PanelRule::degree);
    typename Values::Scalar sum = 0.0;
    for (Index p = 0; p < f.cols(); ++p)
        sum += panels[static_cast<std::size_t>(p)].width *
               (weights.transpose().array() * f.col(p).array()).sum();
    return sum;
}

/// The value at s = 0.
Complex first(const ComplexMatrix& f, Complex beyond) {
    return f.cols() > 0 ? f(0, 0) : beyond;
}

}  // namespace

AgeSlopes slopes_of(const AgeDensity& density) {
    if (density.silent()) return {0.0, 0.0};
    const double tail = density.survivors_end / density.hazard_end;
    const Matrix left = remaining(density.panels, density.survivors, tail);
    const Matrix weighted = density.slope.cwiseProduct(left);
    Matrix followed = weighted;
    if (density.neuron.reset)
        followed.array() *= 1.0 - (-density.age.array() / density.neuron.tau_m).exp();
    const double drive =
        integral(density.panels, followed) + density.slope_end * tail / density.hazard_end;
    const double square = 1.0 / (density.interval * density.interval);
    double feedback = 0.0;
    if (density.effect.size() > 0)
        feedback = integral(density.panels, Matrix(weighted.cwiseProduct(density.previous)));
    return {1e3 * square * drive, -square * feedback};
}

AgeResponse response_of(const AgeDensity& density, Complex rate) {
    if (density.silent()) return {.survival = 1.0, .drive = 0.0};
    const EscapeNeuron& neuron = density.neuron;
    const AgeTransform transform(density.panels, rate);
    const Complex end = density.survivors_end / (density.hazard_end + rate);
    const ComplexMatrix left = transform(density.survivors.cast<Complex>(), end);
    const ComplexMatrix weighted = density.slope.cast<Complex>().cwiseProduct(left);
    const Complex weighted_end = density.slope_end * end / density.hazard_end;
    const ComplexMatrix kept = remaining(density.panels, weighted, weighted_end);
    Complex drive = first(kept, weighted_end), membrane = 1.0 + rate * neuron.tau_m;
    if (neuron.reset) {
        const Complex faster = rate + 1.0 / neuron.tau_m;
        const Complex last = weighted_end / (density.hazard_end + faster);
        drive = first(AgeTransform(density.panels, faster)(kept, last), last) / neuron.tau_m;
        membrane = 1.0;
    }
    const Complex refractory = rate * neuron.t_ref;
    Complex feedback = 0.0;
    if (density.effect.size() > 0) {
        const Complex last = density.effect_end / (density.effect_decay + rate);
        const ComplexMatrix earlier = transform(density.effect.cast<Complex>(), last);
        const Complex rest =
            density.slope_end * end * last / (density.hazard_end + density.effect_decay + rate);
        feedback =
            std::exp(-refractory) * first(transform(weighted.cwiseProduct(earlier), rest), rest);
    }
    return {neuron.t_ref * exponential_ratio(refractory) + std::exp(-refractory) * first(left, end),
            1e3 / density.interval * drive, feedback / density.interval, membrane};
}

double fluctuation_of(const AgeDensity& density, double angular, Complex survival) {
    if (density.silent()) return 0.0;
    const Complex z = Complex(0.0, angular) * survival;  // 1 − P̂.
    if (std::abs(z) < 1e-12) return density.variability() * density.variability();
    return 2.0 * z.real() / std::norm(z) - 1.0;
}

}  // namespace heddle
