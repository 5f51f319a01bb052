#include "loops/motif_cost.hpp"

#include <cmath>

#include "heddle/core/error.hpp"

namespace heddle {
namespace {

/// ∫₀ᵗ e^{z s} ds, accurate for small z too.
Complex integral(Complex z, double t) {
    const Complex half = 0.5 * t * z;
    if (half == 0.0) return t;
    if (std::abs(half) > 1.0) return (std::exp(t * z) - 1.0) / z;
    return t * std::exp(half) * std::sinh(half) / half;
}

/// Ω for ω = (Re e^{μ_m t}; −Im e^{μ_m t}), μ = λ − 1.
Matrix wave_overlaps(const ComplexVector& eigenvalues, double t) {
    const Index q = eigenvalues.size();
    Matrix overlaps(2 * q, 2 * q);
    for (Index a = 0; a < q; ++a)
        for (Index b = 0; b < q; ++b) {
            const Complex first = eigenvalues(a) - 1.0, second = eigenvalues(b) - 1.0;
            const Complex plain = 0.5 * integral(first + second, t);
            const Complex crossed = 0.5 * integral(first + std::conj(second), t);
            overlaps(a, b) = (plain + crossed).real();
            overlaps(q + a, q + b) = (crossed - plain).real();
            overlaps(a, q + b) = (crossed - plain).imag();
            overlaps(q + b, a) = overlaps(a, q + b);
        }
    return overlaps;
}

}  // namespace

MotifCost::MotifCost(const Network& network, const Resolvent& resolvent, const ModeFit& fit,
                     double duration)
    : tau_(network.tau),
      duration_(duration),
      map_(network, resolvent, fit),
      flow_(resolvent.reduced(), resolvent.rotate(network.readout.transpose()).transpose(),
            duration / network.tau),
      overlaps_(wave_overlaps(fit.eigenvalues, duration / network.tau)) {}

MotifCost::Value MotifCost::at(const LoopVariables& point) const try {
    const MappedModes mapped = map_.at(point);
    const Matrix driven = mapped.parts * overlaps_;
    const double activity = driven.cwiseProduct(mapped.parts).sum();
    OutputResponse response = flow_.evaluate(point.u, mapped.v);
    if (!std::isfinite(response.value) || !std::isfinite(activity)) return {};
    Value value{.activity = tau_ * activity, .response = tau_ * response.value};
    value.cost = std::sqrt(value.activity * value.response / static_cast<double>(point.u.rows())) /
                 duration_;
    const double scale = 0.5 / response.value;
    value.gradient = map_.pull_back(point, mapped, scale * response.u_gradient, driven / activity,
                                    scale * response.v_gradient);
    return value;
} catch (const DomainError&) {
    return {};  // Dependent modes or outputs: outside the domain.
}

}  // namespace heddle
