#pragma once

#include <vector>

#include "heddle/linalg/types.hpp"
#include "population/diffusive_membrane.hpp"

namespace heddle {

/// Nodes low + k h, k = 0 … size, of which V_reset is one and V_peak the last; faces halfway.
struct PotentialGrid {
    double low;         ///< mV.
    double h;           ///< mV.
    std::size_t size;   ///< Of the node at V_peak, where the density is 0.
    std::size_t reset;  ///< Of the node at V_reset.

    [[nodiscard]] double node(std::size_t k) const { return low + static_cast<double>(k) * h; }
    [[nodiscard]] double face(std::size_t k) const { return node(k) + 0.5 * h; }
    /// The same ends, half as far apart.
    [[nodiscard]] PotentialGrid halved() const { return {low, 0.5 * h, 2 * size, 2 * reset}; }
};

/// A grid down to where a stationary density has fallen by e⁻⁴⁴ below that at V_reset, as fine as
/// σ, Delta_T and the boundary layer σ / √(2 ω τ_m) of a modulation ask for.
/// \param fastest ω, 1 / ms.
[[nodiscard]] PotentialGrid potential_grid(const DiffusiveMembrane& membrane, double mu,
                                           double sigma, double fastest);

/// The widest spacing that resolves σ, Delta_T, and the way up from V_reset: across a cell the
/// drift stays below the noise, or the flux would be upwind and add noise of its own.
[[nodiscard]] double resolving_spacing(const DiffusiveMembrane& membrane, double mu, double sigma);

/// At least as far down as `low`, with a step of at most `h`.
[[nodiscard]] PotentialGrid potential_grid_down_to(const DiffusiveMembrane& membrane, double low,
                                                   double h);

/// The flux through faces as exact exponentials of the drift there (Scharfetter and Gummel 1969):
/// with z = 2 h g / σ², g = μ + drift, B(z) = z / (e^z − 1),
///
///     τ_m J = (σ² / 2h) [B(−z) p_k − B(z) p_{k+1}]
///     p_k = keep p_{k+1} + gain J ,   keep = e^{−z} ,   gain = (2 h τ_m / σ²) (1 − e^{−z}) / z .
struct Faces {
    std::vector<double> keep;
    std::vector<double> gain;   ///< ms / mV.
    std::vector<double> slope;  ///< B'(z): ∂(τ_m J) / ∂μ = (1 + B') p_k − B' p_{k+1}.
    std::vector<double> pull;   ///< g, mV.
};

[[nodiscard]] Faces faces_of(const DiffusiveMembrane& membrane, const PotentialGrid& grid,
                             double mu, double sigma);

/// B(z) = z / (e^z − 1).
[[nodiscard]] double bernoulli(double z);

}  // namespace heddle
