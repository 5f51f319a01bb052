#include <cmath>

#include "equations/smoothed.hpp"
#include "heddle/core/error.hpp"
#include "heddle/population/rate_units.hpp"

namespace heddle {
namespace {

/// In units of Delta_V and lambda_0: f(u), u normal with the given mean and variance.
EffectiveTransfer scaled(Hazard form, double mean, double variance) {
    switch (form) {
        case Hazard::exponential: {
            const double rate = std::exp(mean + 0.5 * variance);
            return {rate, rate};
        }
        case Hazard::softplus:
            return {softplus_mean(0, mean, variance), softplus_mean(1, mean, variance)};
        case Hazard::sigmoid:
            return {softplus_mean(1, mean, variance), softplus_mean(2, mean, variance)};
        default:
            return {rectified_mean(0, mean, variance), rectified_mean(1, mean, variance)};
    }
}

}  // namespace

EffectiveTransfer effective_transfer(const EscapeNeuron& neuron, double mean, double variance) {
    if (!std::isfinite(mean)) throw DomainError("mean: it must be a finite number, mV");
    if (!(variance >= 0.0) || std::isinf(variance))
        throw DomainError("variance: found " + std::to_string(variance) +
                          " mV²; it must be finite and at least 0");
    const double unit = neuron.Delta_V;
    const EffectiveTransfer found = scaled(neuron.hazard, mean / unit, variance / (unit * unit));
    const double floor = neuron.hazard == Hazard::rectified ? neuron.lambda_floor : 0.0;
    return {neuron.lambda_0 * found.rate + floor, neuron.lambda_0 * found.gain / unit};
}

}  // namespace heddle
