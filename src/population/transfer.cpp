#include <cmath>

#include "heddle/core/error.hpp"
#include "heddle/population/rate_units.hpp"
#include "network/smoothed.hpp"

namespace heddle {

EffectiveTransfer effective_transfer(const EscapeNeuron& neuron, double mean, double variance) {
    if (!std::isfinite(mean)) throw DomainError("mean: it must be a finite number, mV");
    if (!(variance >= 0.0) || std::isinf(variance))
        throw DomainError("variance: found " + std::to_string(variance) +
                          " mV²; it must be finite and at least 0");
    const double unit = neuron.Delta_V;
    const double u = mean / unit, w = variance / (unit * unit);
    const double floor = neuron.hazard == Hazard::rectified ? neuron.lambda_floor : 0.0;
    return {neuron.lambda_0 * hazard_mean(neuron.hazard, 0, u, w) + floor,
            neuron.lambda_0 * hazard_mean(neuron.hazard, 1, u, w) / unit};
}

}  // namespace heddle
