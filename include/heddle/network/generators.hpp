#pragma once

#include <cstdint>

#include "heddle/core/parallel.hpp"
#include "heddle/network/network.hpp"

namespace heddle {

/// W_ij ~ N(0, g²/n): as n → ∞ the eigenvalues fill the disc of radius g evenly (circular law).
/// \throws DomainError unless n ≥ 1 and g is finite and ≥ 0.
/// \see Sompolinsky, Crisanti & Sommers (1988), PRL 61(3).
[[nodiscard]] Matrix gaussian_weights(Index n, double g, std::uint64_t seed);

/// Each connection present with probability p, its weight ~ N(0, g²/(n p)); no self-connections.
/// The eigenvalues fill the disc of radius g while n p ≫ 1.
/// \throws DomainError unless n ≥ 1, 0 < p ≤ 1, g is finite and ≥ 0, and p n² < 2³¹.
/// \cost O(n + p n²), in time and memory.
[[nodiscard]] SparseMatrix sparse_weights(Index n, double p, double g, std::uint64_t seed);

/// Dale's law: weights from the first n_E = round(f n) units are ≥ 0, from the others ≤ 0, and
/// every row sums to zero (balance). A unit that receives a excitatory and b inhibitory
/// connections, each present with probability p, has the weights w and −w a / b. With
///
///     w² ⟨ a (1 − a / n_E) + a² (1 / b − 1 / n_I) ⟩ = g² ,   ⟨ ⟩ the mean over units,
///
/// the bulk of eigenvalues has radius g; as n → ∞ the bracket is n p (1 − p) f / (1 − f).
struct DaleOptions {
    double excitatory_fraction = 0.8;  ///< f.
    double p = 0.2;                    ///< Connection probability.
    double g = 0.9;                    ///< Radius of the bulk of eigenvalues.
};

/// At least two units of each kind, and at least one connection of each kind into every unit.
/// \throws DomainError unless n ≥ 4, 0 < f < 1, 0 < p < 1, and g is finite and ≥ 0.
/// \see Rajan & Abbott (2006), PRL 97(18), for the balance and the density within the disc.
[[nodiscard]] Matrix dale_weights(Index n, std::uint64_t seed, const DaleOptions& options = {});

/// A stability-optimised circuit. Excitatory units connect with probability p, inhibitory ones with
/// 0.4, all with equal weights, such that the bulk of eigenvalues has `initial_radius` and each
/// kind of unit receives three times as much inhibition as excitation in total. Inhibitory weights
/// then descend the smoothed spectral abscissa s,
///
///     ds/dW = Q P / tr(Q P) ,   (W − s) P + P (W − s)ᵀ = −1 ,   (W − s)ᵀ Q + Q (W − s) = −1 ,
///
/// s = max(1.5 α, α + 0.2) for the abscissa α, until α ≤ `abscissa`. The step along the gradient
/// starts at ten times the radius, grows by 1.1 when α fell and shrinks by 0.7 when it rose.
/// Excitatory weights stay. An inhibitory weight that reaches zero is lost, and the unit gains the
/// absent inhibitory connection that lowers s most; so signs, densities and totals are kept.
struct StabilityOptions {
    double excitatory_fraction = 0.8;
    double p = 0.1;               ///< Probability of excitatory connections.
    double initial_radius = 1.2;  ///< Radius of the bulk before optimisation.
    double abscissa = 0.81;       ///< max Re λ at which to stop.
    Index most_iterations = 2000;
};

/// \throws DomainError as `dale_weights`; NotConverged if the abscissa is not reached within
///         `most_iterations` (says where it stopped).
/// \param progress told the iteration out of `most_iterations`, of which most networks need few.
/// \cost Two Lyapunov equations and one set of eigenvalues an iteration, about 100 n³ flops.
/// \see Hennequin, Vogels & Gerstner (2014), Neuron 82(6): half of the units excitatory, p = 0.1,
///      initial_radius = 10, abscissa = 0.15.
[[nodiscard]] Matrix stability_optimised_weights(Index n, std::uint64_t seed,
                                                 const StabilityOptions& options = {},
                                                 const Progress& progress = {});

/// W = M Nᵀ/n + g χ: Gaussian vectors M, N of shape (n, r) with the exact overlaps Mᵀ N / n =
/// diag(outliers), plus χ_ij ~ N(0, 1/n). Beside the disc of radius g, W has an eigenvalue at each
/// outlier λ up to a standard deviation of
///
///     g √( (1 + λ²) / (n (λ² − g²)) ) .
///
/// \param outliers shape (r,), r ≥ 1, real, each with |λ| > g.
/// \throws DomainError as `gaussian_weights`, and unless 1 ≤ r ≤ n and every outlier lies outside.
/// \see Mastrogiuseppe & Ostojic (2018), Neuron 99(3); Tao (2013), PTRF 155.
[[nodiscard]] Matrix low_rank_weights(Index n, double g, const VectorView& outliers,
                                      std::uint64_t seed);

}  // namespace heddle
