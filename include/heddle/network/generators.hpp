#pragma once

#include <cstdint>

#include "heddle/network/network.hpp"

namespace heddle {

/// W_ij ~ N(0, g²/n): eigenvalues fill the disc of radius g (circular law).
/// \see Sompolinsky, Crisanti & Sommers (1988), PRL 61(3).
[[nodiscard]] Matrix gaussian_weights(Index n, double g, std::uint64_t seed);

/// Each connection present with probability p, its weight ~ N(0, g²/(n p)); no self-connections.
[[nodiscard]] SparseMatrix sparse_weights(Index n, double p, double g, std::uint64_t seed);

/// Dale's law: columns of the first n_E = round(fraction · n) units are ≥ 0, of the others ≤ 0, with every row summing to
/// zero (balance).
struct DaleOptions {
    double excitatory_fraction = 0.8;
    double p = 0.2;  ///< Connection probability.
    double g = 0.9;  ///< Radius of the bulk of eigenvalues.
};
/// \see Rajan & Abbott (2006), PRL 97(18).
[[nodiscard]] Matrix dale_weights(Index n, std::uint64_t seed, const DaleOptions& options = {});

/// Stability-optimised circuit: starting from `dale_weights` with a large radius, inhibitory weights descend the smoothed
/// spectral abscissa until it is below `abscissa`.
struct StabilityOptions {
    double excitatory_fraction = 0.8;
    double p = 0.2;
    double initial_radius = 1.2;  ///< Radius before optimisation.
    double abscissa = 0.81;       ///< Where to stop.
    Index most_iterations = 2000;
};
/// \throws NotConverged if the abscissa is not reached within `most_iterations` (says where it stopped).
/// \see Hennequin, Vogels & Gerstner (2014), Neuron 82(6).
[[nodiscard]] Matrix stability_optimised_weights(Index n, std::uint64_t seed, const StabilityOptions& options = {});

/// m nᵀ / N + g χ: rank `rank` with Gaussian connectivity vectors whose overlaps place outliers near `outliers`, plus
/// the Gaussian bulk.
/// \see Mastrogiuseppe & Ostojic (2018), Neuron 99(3).
[[nodiscard]] Matrix low_rank_weights(Index n, double g, const VectorView& outliers, std::uint64_t seed);

}  // namespace heddle
