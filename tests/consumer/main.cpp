#include <heddle/core/error.hpp>
#include <heddle/core/version.hpp>
#include <heddle/loops/placement.hpp>
#include <heddle/network/generators.hpp>
#include <iostream>

namespace {

/// Matrices made there are freed here, and the other way round.
bool places_eigenvalues(const heddle::Network& network) {
    heddle::ComplexVector targets(2);
    targets << heddle::Complex(0.9, 0.4), heddle::Complex(0.9, -0.4);
    heddle::Placement placement = heddle::place_eigenvalues(network, targets);
    placement.loops.u = heddle::Matrix::Zero(3, 3);
    return placement.trusted && placement.error.maxCoeff() < 1e-8;
}

/// An error thrown there is caught here by its own type.
bool refuses_a_lonely_target(const heddle::Network& network) {
    heddle::ComplexVector target(1);
    target << heddle::Complex(0.9, 0.4);
    try {
        static_cast<void>(heddle::place_eigenvalues(network, target));
    } catch (const heddle::DomainError&) {
        return true;
    }
    return false;
}

}  // namespace

int main() {
    const heddle::Network network =
        heddle::make_network(heddle::gaussian_weights(61, 0.5, 1), 2, 1);
    if (!places_eigenvalues(network) || !refuses_a_lonely_target(network)) return 1;
    std::cout << heddle::version() << '\n';
}
