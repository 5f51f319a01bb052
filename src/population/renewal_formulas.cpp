#include "population/renewal_formulas.hpp"

#include <cmath>
#include <utility>

#include "heddle/linalg/types.hpp"
#include "population/gauss_legendre.hpp"
#include "population/rate_unit.hpp"

namespace heddle {
namespace {

constexpr std::size_t nodes = 12;
constexpr double per_ms = 1e-3;        // 1 Hz.
constexpr double nothing = 1e-9;       // ms: so that lags are no quotients of zeros.
constexpr double least_hazard = 1e-9;  // Hz.
constexpr double least_curve = 0.1;    // Of lag².

/// Ages as x = 1 − e^{−a / tau_m}, from 0 to 1, in which potentials are straight lines.
struct AgeRule {
    GaussLegendre<nodes> rule = gauss_legendre<nodes>();
    Matrix before = Matrix::Zero(nodes, nodes);  ///< ∫ f from 0 to each node.

    AgeRule() {
        for (std::size_t j = 0; j < nodes; ++j)
            for (std::size_t l = 0; l < nodes; ++l)
                before(static_cast<Index>(j), static_cast<Index>(l)) = integral(j, l);
    }

  private:
    /// Of the polynomial that is 1 at node l and 0 at the others, by Legendre's series.
    [[nodiscard]] double integral(std::size_t j, std::size_t l) const {
        const double to = 2.0 * rule.node[j] - 1.0, at = 2.0 * rule.node[l] - 1.0;
        double sum = to + 1.0;
        for (std::size_t p = 1; p < nodes; ++p) {
            const double earlier = p == 1 ? 1.0 : legendre(p - 1, to).value;
            sum += (p == 1 ? at : legendre(p, at).value) * (legendre(p + 1, to).value - earlier);
        }
        return 0.5 * rule.weight[l] * sum;
    }
};

const AgeRule& age_rule() {
    static const AgeRule rule;
    return rule;
}

}  // namespace

RenewalLaw::RenewalLaw(const EscapeNeuron& neuron, Expression t_ref, Expression tau_m)
    : neuron_(neuron), t_ref_(std::move(t_ref)), tau_m_(std::move(tau_m)) {}

RenewalFormulas RenewalLaw::at(const Expression& above, const Expression& noise,
                               const Expression& depth) const {
    if (!neuron_.reset) return dead(above, noise);
    const Expression f = transfer_formulas(neuron_, above, 0.0).rate;
    const Moments k = moments(above, depth);
    const Expression ready = 1.0 / (1.0 + per_ms * f * k.k0);
    const Expression rate = f * ready;
    const Expression lag = k.k1 / k.k0;
    const Expression flat = least_curve * square(lag);
    const Expression curve = square(lag) - 0.5 * k.k2 / k.k0;
    return {rate, ready, rate * (2.0 * per_ms * per_ms * square(rate) * k.k1 + 2.0 * ready - 1.0),
            lag, flat + rectified_mean(0, curve - flat, 0.0)};
}

RenewalFormulas RenewalLaw::dead(const Expression& above, const Expression& noise) const {
    const auto [f, slope] = transfer_formulas(neuron_, above, noise);
    const Expression ready = 1.0 / (1.0 + per_ms * t_ref_ * f);
    const Expression rate = (1.0 - ready) / (per_ms * t_ref_);  // In which one sees its bound.
    return {rate,
            ready,
            rate * square(ready),
            0.5 * t_ref_,
            square(t_ref_) / 12.0,
            slope * square(ready)};
}

RenewalLaw::Moments RenewalLaw::moments(const Expression& above, const Expression& depth) const {
    const auto& [rule, before] = age_rule();
    const auto hazard = [&](const Expression& u) {
        return transfer_formulas(neuron_, u, 0.0).rate + least_hazard;
    };
    const Expression f = hazard(above);
    std::vector<Expression> missing;  // (f − ρ) / (1 − x)
    for (const double x : rule.node)
        missing.push_back((f - hazard(above - (1.0 - x) * depth)) / (1.0 - x));
    Moments k{t_ref_ + nothing, 0.5 * square(t_ref_) + nothing, power(t_ref_, 3.0) / 3.0 + nothing};
    for (std::size_t j = 0; j < nodes; ++j) {
        const double old = -std::log1p(-rule.node[j]);
        Expression exponent = old * f;
        for (std::size_t l = 0; l < nodes; ++l)
            exponent -= before(static_cast<Index>(j), static_cast<Index>(l)) * missing[l];
        const Expression share =
            rule.weight[j] * tau_m_ * missing[j] / f * exponential(-per_ms * tau_m_ * exponent);
        const Expression age = t_ref_ + old * tau_m_;
        k.k0 += share;
        k.k1 += age * share;
        k.k2 += square(age) * share;
    }
    return k;
}

}  // namespace heddle
