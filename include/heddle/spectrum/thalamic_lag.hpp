#pragma once

#include "heddle/network/loops.hpp"

namespace heddle {

/// What thalamic units and their axons do to a signal that grows at the rate μ = λ − 1 per τ: to
/// send g to the cortex, they must receive
///
///     Vᵀ r = θ(λ) g ,   θ(λ) = (1 + ε μ) e^{D μ} ,   ε = τ_T / τ ,   D = delay / τ
///
/// so λ is an eigenvalue of the network closed by the loops iff θ(λ) − Vᵀ (λ − W)⁻¹ U is singular.
struct ThalamicLag {
    double epsilon = 0.0;
    double delay = 0.0;

    [[nodiscard]] Complex factor(Complex eigenvalue) const {
        return (1.0 + epsilon * (eigenvalue - 1.0)) * std::exp(delay * (eigenvalue - 1.0));
    }
    /// θ′(λ).
    [[nodiscard]] Complex slope(Complex eigenvalue) const {
        return (epsilon + delay * (1.0 + epsilon * (eigenvalue - 1.0))) *
               std::exp(delay * (eigenvalue - 1.0));
    }
    /// θ of every eigenvalue.
    [[nodiscard]] ComplexVector factors(const ComplexVectorView& eigenvalues) const {
        return eigenvalues.unaryExpr([this](Complex value) { return factor(value); });
    }
};

/// Of loops in a network with the cortical time constant `tau`.
[[nodiscard]] inline ThalamicLag thalamic_lag(const Loops& loops, double tau) {
    return {loops.thalamic_tau / tau, loops.delay / tau};
}

}  // namespace heddle
