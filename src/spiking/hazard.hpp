#pragma once

#include "heddle/spiking/neuron.hpp"
#include "spiking/elementary.hpp"

namespace heddle {

/// f(u) / λ_0 for u in units of Delta_V: how a hazard depends on its argument, without `floor`.
template <Hazard form>
HEDDLE_INLINE double hazard_shape(double u) {
    if constexpr (form == Hazard::exponential) return elementary::exp(u);
    if constexpr (form == Hazard::rectified) return u > 0.0 ? u : 0.0;
    const double e = elementary::exp(u < 0.0 ? u : -u);  // ≤ 1
    if constexpr (form == Hazard::softplus) return (u > 0.0 ? u : 0.0) + elementary::log(1.0 + e);
    return (u < 0.0 ? e : 1.0) / (1.0 + e);
}

[[nodiscard]] inline double hazard_shape(Hazard form, double u) {
    switch (form) {
        case Hazard::exponential:
            return hazard_shape<Hazard::exponential>(u);
        case Hazard::softplus:
            return hazard_shape<Hazard::softplus>(u);
        case Hazard::sigmoid:
            return hazard_shape<Hazard::sigmoid>(u);
        default:
            return hazard_shape<Hazard::rectified>(u);
    }
}

}  // namespace heddle
