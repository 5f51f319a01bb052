#pragma once

#include "heddle/circuit/neuron.hpp"
#include "heddle/equations/expression.hpp"

namespace heddle {

/// What neurons of one kind do that remember their last spike, in formulas. Under an input that
/// stays, with f the hazard long after a spike, ρ(a) that at age a and S(a) = exp(−∫ρ),
///
///     κ(a) = (1 − ρ(a) / f) S(a)     the share of those that fired a ms ago and are not ready
///     F = f / (1 + f K_0) ,   K_n = ∫ κ(a) aⁿ da ,   CV² = 2 F² (K_1 + 1 / (F f)) − 1
struct RenewalFormulas {
    Expression rate;   ///< F, Hz.
    Expression ready;  ///< F / f: the share of neurons that are.
    Expression count;  ///< F CV²: how fast the variance of a neuron's spike count grows, Hz.
    Expression lag;    ///< K_1 / K_0, ms.
    /// Of the filter 1 / (1 + lag s + curve s²) with the first three moments of κ, ms².
    Expression curve;
    Expression slope{0.0};  ///< ∂F/∂u without a reset, Hz/mV.
};

/// Formulas for one law, whose times are parameters. After a reset the integrals over age are sums
/// of 12 terms: F is right to 1e-5 for a depth of some Delta_V, 0.1 % for 10 and 0.3 % for 30, and
/// 0.6 % where a rectified hazard bends.
class RenewalLaw final {
  public:
    RenewalLaw(const EscapeNeuron& neuron, Expression t_ref, Expression tau_m);

    /// \param above  u, free potential over threshold, mV.
    /// \param noise  variance of what fluctuates, mV². Neurons that are reset are taken without it:
    ///               those that it brings near to the threshold leave, so that it does less than
    ///               a mean of the hazard over it would.
    /// \param depth  d of the reset: u(a) = u − d e^{−(a − t_ref) / tau_m}, mV; not needed without.
    [[nodiscard]] RenewalFormulas at(const Expression& above, const Expression& noise,
                                     const Expression& depth) const;

  private:
    struct Moments {
        Expression k0, k1, k2;  ///< ms, ms², ms³.
    };

    [[nodiscard]] RenewalFormulas dead(const Expression& above, const Expression& noise) const;
    [[nodiscard]] Moments moments(const Expression& above, const Expression& depth) const;

    EscapeNeuron neuron_;
    Expression t_ref_, tau_m_;
};

}  // namespace heddle
