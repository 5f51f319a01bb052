#include <algorithm>
#include <cmath>
#include <sstream>
#include <vector>

#include "heddle/core/random.hpp"
#include "heddle/linalg/eigenvalues.hpp"
#include "heddle/linalg/solve.hpp"
#include "heddle/network/generators.hpp"
#include "network/checks.hpp"
#include "network/dale.hpp"

namespace heddle {
namespace {

constexpr double dominance = 3.0;           // Inhibitory weights are this much stronger than excitatory ones.
constexpr double inhibitory_density = 0.4;  // Of the connections from inhibitory units.
constexpr double rate = 10.0;               // Step along the normalised gradient.

/// The circuit while it is optimised: excitatory weights stay, inhibitory ones move and may change partners.
struct Circuit {
    Matrix weights;
    Index excitatory;

    [[nodiscard]] Index size() const { return weights.rows(); }
    [[nodiscard]] auto inhibition() { return weights.rightCols(size() - excitatory); }
};

Circuit initial_circuit(Index n, std::uint64_t seed, const StabilityOptions& options) {
    const Index excitatory = excitatory_units(n, options.excitatory_fraction);
    const double p = options.p;
    const double strength = options.initial_radius *
                            std::sqrt(2.0 / (p * (1.0 - p) * (1.0 + dominance * dominance)) / static_cast<double>(n));
    Circuit circuit{strength * connections(n, excitatory, p, inhibitory_density, seed), excitatory};
    circuit.inhibition() *= -dominance;
    return circuit;
}

/// d s / d W of the smoothed spectral abscissa at s: Q P / tr(Q P), with
/// (W − s) P + P (W − s)ᵀ = −1 and (W − s)ᵀ Q + Q (W − s) = −1.
Matrix abscissa_gradient(const Matrix& weights, double s) {
    const Index n = weights.rows();
    Matrix shifted = weights;
    shifted.diagonal().array() -= s;
    const Matrix identity = Matrix::Identity(n, n);
    const Matrix product = solve_lyapunov(shifted.transpose(), identity) * solve_lyapunov(shifted, identity);
    return product / product.trace();
}

/// A synapse that was pushed to zero tries another partner, so that the density of inhibition is kept.
void rewire(Circuit& circuit, std::vector<std::pair<Index, Index>>& lost, const Random& random,
            std::uint64_t& drawn) {
    auto inhibition = circuit.inhibition();
    const auto columns = static_cast<std::uint64_t>(inhibition.cols());
    for (const auto& [row, column] : lost) {
        for (int attempt = 0; attempt < 100; ++attempt) {
            const auto other = static_cast<Index>(random.integer(drawn++) % columns);
            if (inhibition(row, other) != 0.0 || other == column || circuit.excitatory + other == row) continue;
            inhibition(row, other) = -1e-12;  // Present, and free to grow.
            break;
        }
    }
    lost.clear();
}

void descend(Circuit& circuit, const Matrix& gradient, const Random& random, std::uint64_t& drawn) {
    auto inhibition = circuit.inhibition();
    const auto slope = gradient.rightCols(inhibition.cols());
    std::vector<std::pair<Index, Index>> lost;
    for (Index j = 0; j < inhibition.cols(); ++j)
        for (Index i = 0; i < inhibition.rows(); ++i) {
            double& weight = inhibition(i, j);
            if (weight == 0.0) continue;
            weight -= rate * slope(i, j);
            if (weight >= 0.0) {
                weight = 0.0;
                lost.emplace_back(i, j);
            }
        }
    rewire(circuit, lost, random, drawn);
    // Total inhibition stays `dominance` times what it is against excitation.
    const double excitation = circuit.weights.leftCols(circuit.excitatory).sum();
    const double share = static_cast<double>(inhibition.cols()) * inhibitory_density /
                         (static_cast<double>(circuit.excitatory));
    const double present = (circuit.weights.leftCols(circuit.excitatory).array() > 0.0).cast<double>().mean();
    inhibition *= -dominance * excitation * share / present / inhibition.sum();
}

}  // namespace

Matrix stability_optimised_weights(Index n, std::uint64_t seed, const StabilityOptions& options) {
    check_probability(options.p, "p");
    if (options.p >= 1.0) throw DomainError("p: found 1, expected a probability below 1");
    check_radius(options.initial_radius, "initial_radius");
    Circuit circuit = initial_circuit(n, seed, options);
    const Random random(seed, stream_of("weights/rewiring"));
    std::uint64_t drawn = 0;
    double abscissa = 0.0;
    for (Index step = 0; step <= options.most_iterations; ++step) {
        abscissa = spectral_abscissa(eigenvalues(circuit.weights));
        if (abscissa <= options.abscissa) return circuit.weights;
        const double s = std::max(1.5 * abscissa, abscissa + 0.2);
        descend(circuit, abscissa_gradient(circuit.weights, s), random, drawn);
    }
    std::ostringstream message;
    message << "stability_optimised_weights: the spectral abscissa stopped at " << abscissa << " after "
            << options.most_iterations << " steps, expected " << options.abscissa
            << "; more steps, a larger abscissa or a smaller initial_radius would help";
    throw NotConverged(message.str());
}

}  // namespace heddle
