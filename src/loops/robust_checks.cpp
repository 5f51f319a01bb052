#include "loops/robust_checks.hpp"

#include <cmath>
#include <string>

#include "heddle/core/error.hpp"
#include "loops/dealt_targets.hpp"

namespace heddle {
namespace {

constexpr double same = 1e-12;  // Two numbers closer than this, relative, are one.

std::string text(Complex value) {
    return std::to_string(value.real()) + (value.imag() < 0.0 ? " - " : " + ") +
           std::to_string(std::abs(value.imag())) + "i";
}

/// Targets that are conjugate have amplitudes that are.
void check_amplitude(const ComplexVectorView& targets, const ComplexVectorView& amplitudes,
                     Index i) {
    Index partner = 0;
    (targets.array() - std::conj(targets(i))).abs().minCoeff(&partner);
    const Complex other = amplitudes(partner);
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
    if (!targets.allFinite()) throw DomainError("targets: found NaN or infinity");
    check_targets(targets, n);
    if (amplitudes.size() != targets.size())
        throw ShapeError("amplitudes", std::to_string(targets.size()) + ", one per target",
                         std::to_string(amplitudes.size()));
    if (!amplitudes.allFinite()) throw DomainError("amplitudes: found NaN or infinity");
    if (amplitudes.norm() == 0.0)
        throw DomainError("amplitudes: found zeros only, expected a motif that moves");
    for (Index i = 0; i < targets.size(); ++i) check_amplitude(targets, amplitudes, i);
}

}  // namespace heddle
