#pragma once

#include "core/elementary.hpp"
#include "heddle/circuit/neuron.hpp"

namespace heddle {

/// f(u) / λ_0 for u in units of Delta_V: how a hazard depends on its argument, without `floor`.
template <Hazard form>
struct HazardShape {
    /// A hazard that is `floor` higher; only the rectified one has a floor.
    HEDDLE_INLINE double above(double hazard, [[maybe_unused]] double floor) const {
        if constexpr (form == Hazard::rectified) return hazard + floor;
        return hazard;
    }

    HEDDLE_INLINE double operator()(double u) const {
        if constexpr (form == Hazard::exponential) return elementary::exp(u);
        if constexpr (form == Hazard::rectified) return u > 0.0 ? u : 0.0;
        const double e = elementary::exp(u < 0.0 ? u : -u);  // ≤ 1
        if constexpr (form == Hazard::softplus)
            return (u > 0.0 ? u : 0.0) + elementary::log(1.0 + e);
        return (u < 0.0 ? e : 1.0) / (1.0 + e);
    }
};

/// Calls `use` with the shape of a hazard.
template <class Use>
HEDDLE_INLINE auto with_hazard(Hazard form, Use use) {
    switch (form) {
        case Hazard::exponential:
            return use(HazardShape<Hazard::exponential>{});
        case Hazard::softplus:
            return use(HazardShape<Hazard::softplus>{});
        case Hazard::sigmoid:
            return use(HazardShape<Hazard::sigmoid>{});
        default:
            return use(HazardShape<Hazard::rectified>{});
    }
}

/// The same for one neuron: a call, compiled for what the processor has.
[[nodiscard]] double hazard_shape(Hazard form, double u);

}  // namespace heddle
