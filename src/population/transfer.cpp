#include <cmath>
#include <numbers>

#include "circuit/hazard.hpp"
#include "circuit/normal_law.hpp"
#include "heddle/core/error.hpp"
#include "heddle/population/rate_units.hpp"

namespace heddle {
namespace {

/// In units of Delta_V and lambda_0: f(u), u normal with the given mean and deviation.
EffectiveTransfer exponential(double mean, double deviation) {
    const double rate = std::exp(mean + 0.5 * deviation * deviation);
    return {rate, rate};
}

EffectiveTransfer rectified(double mean, double deviation) {
    if (deviation == 0.0) return {std::max(mean, 0.0), mean > 0.0 ? 1.0 : 0.0};
    const double z = mean / deviation;
    return {mean * normal_below(z) + deviation * normal_density(z), normal_below(z)};
}

double slope(Hazard form, double u) {
    const double below = hazard_shape(Hazard::sigmoid, u);
    return form == Hazard::softplus ? below : below * hazard_shape(Hazard::sigmoid, -u);
}

/// The trapezoidal rule on |z| ≤ 9. The integrand is analytic for |Im z| < π / deviation, so the
/// error falls as exp(−2 π² / (deviation · spacing)); and as exp(−2 π² / spacing²) for the density.
EffectiveTransfer smooth(Hazard form, double mean, double deviation) {
    if (deviation == 0.0) return {hazard_shape(form, mean), slope(form, mean)};
    const double widest = 0.5, end = 9.0;
    const double spacing = std::min(widest, 0.9 / deviation);
    const int nodes = static_cast<int>(std::ceil(end / spacing));
    EffectiveTransfer sum{0.0, 0.0};
    for (int k = -nodes; k <= nodes; ++k) {
        const double z = k * spacing;
        const double weight = spacing * normal_density(z);
        const double u = mean + deviation * z;
        sum.rate += weight * hazard_shape(form, u);
        sum.gain += weight * slope(form, u);
    }
    return sum;
}

EffectiveTransfer scaled(Hazard form, double mean, double deviation) {
    if (form == Hazard::exponential) return exponential(mean, deviation);
    if (form == Hazard::rectified) return rectified(mean, deviation);
    return smooth(form, mean, deviation);
}

}  // namespace

EffectiveTransfer effective_transfer(const EscapeNeuron& neuron, double mean, double variance) {
    if (!std::isfinite(mean)) throw DomainError("mean: it must be a finite number, mV");
    if (!(variance >= 0.0) || std::isinf(variance))
        throw DomainError("variance: found " + std::to_string(variance) +
                          " mV²; it must be finite and at least 0");
    const double unit = neuron.Delta_V;
    const EffectiveTransfer found = scaled(neuron.hazard, mean / unit, std::sqrt(variance) / unit);
    const double floor = neuron.hazard == Hazard::rectified ? neuron.lambda_floor : 0.0;
    return {neuron.lambda_0 * found.rate + floor, neuron.lambda_0 * found.gain / unit};
}

}  // namespace heddle
