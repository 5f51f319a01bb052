#include "loops/robust_checks.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "heddle/core/error.hpp"

namespace heddle {
namespace {

constexpr double same = 1e-12;  // Two numbers closer than this, relative, are one.

std::string text(Complex value) {
    return std::to_string(value.real()) + (value.imag() < 0.0 ? " - " : " + ") +
           std::to_string(std::abs(value.imag())) + "i";
}

/// The target that is the conjugate of target i.
Index partner(const ComplexVectorView& targets, Index i) {
    Index best = 0;
    const double away = (targets.array() - std::conj(targets(i))).abs().minCoeff(&best);
    if (!(away <= same * std::max(1.0, std::abs(targets(i)))))
        throw DomainError("targets: found " + text(targets(i)) + " without its conjugate " +
                          text(std::conj(targets(i))) + ", which a real network needs");
    return best;
}

/// Target i is new, has a partner, and their amplitudes are conjugate.
void check_target(const ComplexVectorView& targets, const ComplexVectorView& amplitudes, Index i) {
    for (Index j = 0; j < i; ++j)
        if (std::abs(targets(i) - targets(j)) <= same * std::max(1.0, std::abs(targets(i))))
            throw DomainError("targets: found " + text(targets(i)) +
                              " twice, expected distinct eigenvalues");
    const Complex other = amplitudes(partner(targets, i));
    if (std::abs(other - std::conj(amplitudes(i))) > same * amplitudes.cwiseAbs().maxCoeff())
        throw DomainError("amplitudes: found " + text(amplitudes(i)) + " and " + text(other) +
                          " for a pair of targets, expected conjugates");
}

}  // namespace

void check_robust_network(const Network& network, double duration) {
    validate(network);
    if (network.response != Response::linear)
        throw DomainError("network: found response '" + std::string(name_of(network.response)) +
                          "', expected a linear network");
    if (network.readout.rows() != 1)
        throw ShapeError("network", "one readout", std::to_string(network.readout.rows()));
    if (!(std::isfinite(duration) && duration > 0.0))
        throw DomainError("duration: found " + std::to_string(duration) + ", expected a time > 0");
}

void check_robust_targets(const ComplexVectorView& targets, const ComplexVectorView& amplitudes,
                          Index n) {
    if (targets.size() == 0 || targets.size() > n)
        throw ShapeError("targets", "1 to " + std::to_string(n) + " eigenvalues",
                         std::to_string(targets.size()));
    if (amplitudes.size() != targets.size())
        throw ShapeError("amplitudes", std::to_string(targets.size()) + ", one per target",
                         std::to_string(amplitudes.size()));
    if (!targets.allFinite()) throw DomainError("targets: found NaN or infinity");
    if (!amplitudes.allFinite()) throw DomainError("amplitudes: found NaN or infinity");
    if (amplitudes.norm() == 0.0)
        throw DomainError("amplitudes: found zeros only, expected a motif that moves");
    for (Index i = 0; i < targets.size(); ++i) check_target(targets, amplitudes, i);
}

}  // namespace heddle
