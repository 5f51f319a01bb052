#pragma once

#include <cstdint>

#include "heddle/network/network.hpp"

namespace heddle {

/// W_ij ~ N(0, g²/n): eigenvalues fill the disc of radius g (circular law).
/// \see Sompolinsky, Crisanti & Sommers (1988), PRL 61(3).
[[nodiscard]] Matrix gaussian_weights(Index n, double g, std::uint64_t seed);

/// Each connection present with probability p, its weight ~ N(0, g²/(n p)); no self-connections.
[[nodiscard]] SparseMatrix sparse_weights(Index n, double p, double g, std::uint64_t seed);

/// Dale's law: weights from the first n_E = round(f n) units are ≥ 0, from the others ≤ 0, and every row sums to
/// zero (balance). Connections are present with probability p; excitatory ones have the strength
///
///     w = g / √( n p (1 − p) f / (1 − f) ) ,
///
/// inhibitory ones f / (1 − f) times that, adjusted row by row for exact balance; then the bulk of eigenvalues
/// has radius g, as n f w² p (1 − p) + n (1 − f) (w f / (1 − f))² p (1 − p) = g².
/// \see Rajan & Abbott (2006), PRL 97(18).
struct DaleOptions {
    double excitatory_fraction = 0.8;  ///< f.
    double p = 0.2;                    ///< Connection probability.
    double g = 0.9;                    ///< Radius of the bulk of eigenvalues.
};
[[nodiscard]] Matrix dale_weights(Index n, std::uint64_t seed, const DaleOptions& options = {});

/// A stability-optimised circuit: excitatory and inhibitory units with strong, random, unstable connections, whose
/// inhibitory weights then descend the smoothed spectral abscissa until the abscissa is at most `abscissa`. Inhibitory synapses
/// that reach zero move to another partner, and total inhibition is kept.
/// \throws NotConverged if the abscissa is not reached within `most_iterations` (says where it stopped).
/// \cost Two Lyapunov equations and one set of eigenvalues a step, O(n³).
/// \see Hennequin, Vogels & Gerstner (2014), Neuron 82(6).
struct StabilityOptions {
    double excitatory_fraction = 0.8;
    double p = 0.1;               ///< Probability of excitatory connections.
    double initial_radius = 1.2;  ///< Radius of the bulk before optimisation.
    double abscissa = 0.81;       ///< Where to stop.
    Index most_iterations = 2000;
};
[[nodiscard]] Matrix stability_optimised_weights(Index n, std::uint64_t seed, const StabilityOptions& options = {});

/// W = m nᵀ / N + g χ: connectivity of rank r with Gaussian vectors whose overlaps are m_rᵀ n_s / N = outliers_r δ_rs, plus a
/// Gaussian bulk of radius g. Outliers beyond g are eigenvalues of W up to O(N^-1/2).
/// \see Mastrogiuseppe & Ostojic (2018), Neuron 99(3).
[[nodiscard]] Matrix low_rank_weights(Index n, double g, const VectorView& outliers, std::uint64_t seed);

}  // namespace heddle
