#pragma once

#include <cmath>

#include "heddle/circuit/neuron.hpp"

namespace heddle {

/// A membrane in one dimension: τ_m V̇ = μ + drift(V) + √τ_m σ ξ, from V_reset to V_peak.
struct DiffusiveMembrane {
    double tau_m;    ///< ms.
    double V_reset;  ///< mV.
    double V_peak;   ///< V_th of the leaky neuron, mV.
    double t_ref;    ///< ms.
    double V_th;     ///< Of the exponential, mV.
    double Delta_T;  ///< mV; 0: a leaky neuron.

    /// −V + ψ(V), mV.
    [[nodiscard]] double drift(double v) const {
        return Delta_T > 0.0 ? Delta_T * std::exp((v - V_th) / Delta_T) - v : -v;
    }
};

/// \throws DomainError for neurons that are neither leaky nor exponential; `who` names what asked.
[[nodiscard]] DiffusiveMembrane diffusive_membrane(const Neuron& neuron, const char* who);

}  // namespace heddle
