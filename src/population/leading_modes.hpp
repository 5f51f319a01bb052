#pragma once

#include "heddle/linalg/types.hpp"
#include "population/potential_grid.hpp"

namespace heddle {

/// The two slowest modes of a density and its rate, 1 / ms.
struct LeadingModes {
    Complex first;   ///< Rightmost but 0; Im ≥ 0.
    Complex second;  ///< Conjugate of a complex first; else the next real one.
    /// f c of `DiffusionModes`, 1 / (ms mV), to μ and to σ.
    Complex first_mu, first_sigma, second_mu, second_sigma;
    double error;  ///< Largest distance from the finer grid, 1 / ms; infinite where not found.
};

/// Roots λ of the flux that a sweep with unit flux at V_peak, growing as e^{λt}, leaves below the
/// lowest node; started from the generator's eigenvalues next to 0, so that none is taken for
/// another.
[[nodiscard]] LeadingModes leading_modes(const DiffusiveMembrane& membrane, double mu,
                                         double sigma);

}  // namespace heddle
