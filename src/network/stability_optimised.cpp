#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "heddle/core/error.hpp"
#include "heddle/linalg/eigenvalues.hpp"
#include "heddle/linalg/solve.hpp"
#include "heddle/network/generators.hpp"
#include "network/checks.hpp"
#include "network/dale.hpp"

namespace heddle {
namespace {

constexpr double dominance = 3.0;           // Total inhibition of a population over its excitation.
constexpr double inhibitory_density = 0.4;  // Of the connections from inhibitory units.
constexpr double unborn = 1e-12;            // A synapse that is present and has no strength yet.

/// One kind of units, as the rows of the weights it receives.
struct Population {
    Index first;
    Index count;
    double inhibition;  ///< Total of its inhibitory weights, which is kept.
};

/// The circuit while it is optimised: excitatory weights stay, inhibitory ones move.
struct Circuit {
    Matrix weights;
    Index excitatory;
    std::array<Population, 2> populations;
    double rate;  ///< Step along the gradient.

    [[nodiscard]] auto inhibition() { return weights.rightCols(weights.cols() - excitatory); }
};

/// Scales the inhibition of each population to its total.
void balance(Circuit& circuit) {
    for (const Population& population : circuit.populations) {
        auto block = circuit.inhibition().middleRows(population.first, population.count);
        block *= population.inhibition / block.sum();
    }
}

Circuit initial_circuit(Index n, std::uint64_t seed, const StabilityOptions& options) {
    const Index excitatory = excitatory_units(n, options.excitatory_fraction);
    const double f = static_cast<double>(excitatory) / static_cast<double>(n);
    const double p = options.p;
    const double q = inhibitory_density;
    const double ratio = dominance * f * p / ((1.0 - f) * q);
    const double variance = f * p * (1.0 - p) + (1.0 - f) * ratio * ratio * q * (1.0 - q);
    const double strength = options.initial_radius / std::sqrt(static_cast<double>(n) * variance);
    Circuit circuit{strength * connections(n, excitatory, p, q, seed),
                    excitatory,
                    {{{0, excitatory, 0.0}, {excitatory, n - excitatory, 0.0}}},
                    10.0 * options.initial_radius};
    circuit.inhibition() *= -ratio;
    for (Population& population : circuit.populations) {
        const auto rows = circuit.weights.middleRows(population.first, population.count);
        population.inhibition = -dominance * rows.leftCols(excitatory).sum();
    }
    balance(circuit);
    return circuit;
}

/// The gradient Q P / tr(Q P) of the smoothed spectral abscissa where its value is s, with
/// (W − s) P + P (W − s)ᵀ = −1 and (W − s)ᵀ Q + Q (W − s) = −1.
Matrix abscissa_gradient(const Matrix& weights, double s) {
    const Index n = weights.rows();
    Matrix shifted = weights;
    shifted.diagonal().array() -= s;
    const Matrix identity = Matrix::Identity(n, n);
    const Matrix product =
        solve_lyapunov(shifted.transpose(), identity) * solve_lyapunov(shifted, identity);
    return product / product.trace();
}

/// Gives row i one more inhibitory synapse: the absent one that lowers the abscissa most.
void regrow(Circuit& circuit, const Matrix& gradient, Index i) {
    Index best = -1;
    for (Index j = circuit.excitatory; j < circuit.weights.cols(); ++j) {
        const bool absent = j != i && circuit.weights(i, j) == 0.0;
        if (absent && (best < 0 || gradient(i, j) > gradient(i, best))) best = j;
    }
    if (best >= 0) circuit.weights(i, best) = -std::max(unborn, circuit.rate * gradient(i, best));
}

/// One step down the gradient. A synapse that reaches zero is lost and another of its row takes its
/// place, so that the density is kept.
void descend(Circuit& circuit, const Matrix& gradient) {
    for (Index i = 0; i < circuit.weights.rows(); ++i) {
        Index lost = 0;
        for (Index j = circuit.excitatory; j < circuit.weights.cols(); ++j) {
            double& weight = circuit.weights(i, j);
            if (weight == 0.0) continue;
            weight = std::min(0.0, weight - circuit.rate * gradient(i, j));
            if (weight == 0.0) ++lost;
        }
        for (; lost > 0; --lost) regrow(circuit, gradient, i);
    }
    balance(circuit);
}

void check(const StabilityOptions& options) {
    check_open_probability(options.p, "p");
    check_positive(options.initial_radius, "initial_radius");
    if (!std::isfinite(options.abscissa))
        throw DomainError("abscissa: found " + number_text(options.abscissa) +
                          ", expected a finite number");
    if (options.most_iterations < 0)
        throw DomainError("most_iterations: found " + std::to_string(options.most_iterations) +
                          ", expected 0 or more");
}

}  // namespace

Matrix stability_optimised_weights(Index n, std::uint64_t seed, const StabilityOptions& options,
                                   const Progress& progress) {
    check(options);
    Circuit circuit = initial_circuit(n, seed, options);
    double abscissa = std::numeric_limits<double>::infinity();
    for (Index step = 0; step <= options.most_iterations; ++step) {
        const double last =
            std::exchange(abscissa, spectral_abscissa(eigenvalues(circuit.weights)));
        if (abscissa <= options.abscissa) return circuit.weights;
        if (progress)
            progress(static_cast<std::size_t>(step),
                     static_cast<std::size_t>(options.most_iterations));
        circuit.rate *= abscissa < last ? 1.1 : 0.7;
        const double smoothed = std::max(1.5 * abscissa, abscissa + 0.2);
        descend(circuit, abscissa_gradient(circuit.weights, smoothed));
    }
    throw NotConverged("abscissa: found " + number_text(abscissa) + " after " +
                       std::to_string(options.most_iterations) + " iterations, expected " +
                       number_text(options.abscissa) +
                       "; more iterations, a larger abscissa or a smaller initial_radius would do");
}

}  // namespace heddle
